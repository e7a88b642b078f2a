package org.likelihood4j.laboratory.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.likelihood4j.io.JsonFiles;
import tools.jackson.databind.JsonNode;

/** What is stored of the notebooks is whole, and says nothing of the machine that made it; {@code run.sh notebooks} runs them. */
class NotebooksTest {
    private static final Path FOLDER =
            Path.of("../../notebooks").toAbsolutePath().normalize();
    private static final int MOST_BYTES = 300_000;
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern MACHINE =
            Pattern.compile("(?:/root|/home|/tmp|/work|/Users|/var|/private)/[\\w.-]+|\\b[A-Z]:\\\\{2}\\w+|file:/");

    /** An object that cannot print itself says where it lies instead, anew in each run. */
    private static final Pattern OBJECT = Pattern.compile("[A-Za-z.]+@[0-9a-f]{6,8}\\b");

    static List<Path> notebooks() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".ipynb"))
                    .sorted()
                    .toList();
        }
    }

    private static JsonNode read(Path notebook) throws IOException {
        return JsonFiles.PRETTY.readTree(Files.readString(notebook));
    }

    private static String text(JsonNode lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.stringValue()));
        return text.toString();
    }

    private static List<JsonNode> cells(JsonNode notebook, String type) {
        List<JsonNode> cells = new ArrayList<>();
        notebook.get("cells").forEach(cell -> {
            if (cell.get("cell_type").stringValue().equals(type)) {
                cells.add(cell);
            }
        });
        return cells;
    }

    @Test
    void thereAreFiveLessonsAndOneForPython() throws IOException {
        List<String> languages = new ArrayList<>();
        for (Path file : notebooks()) {
            languages.add(read(file).at("/metadata/kernelspec/language").stringValue());
        }
        assertThat(languages).containsExactly("java", "java", "java", "java", "java", "python");
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void formIsNotebooksFour(Path file) throws IOException {
        JsonNode notebook = read(file);
        assertThat(notebook.get("nbformat").intValue()).isEqualTo(4);
        assertThat(notebook.at("/metadata/language_info/name")).isEqualTo(notebook.at("/metadata/kernelspec/language"));
        assertThat(Files.size(file)).isLessThanOrEqualTo(MOST_BYTES);
        Set<String> ids = new TreeSet<>();
        notebook.get("cells")
                .forEach(cell ->
                        assertThat(ids.add(cell.get("id").stringValue())).isTrue());
        assertThat(text(notebook.at("/cells/0/source"))).startsWith("# ").contains("**To run this:**");
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void everyCellWasRunInOrderAndNoneFailed(Path file) throws IOException {
        int expected = 1;
        int outputs = 0;
        for (JsonNode cell : cells(read(file), "code")) {
            assertThat(cell.get("execution_count").intValue()).isEqualTo(expected++);
            for (JsonNode output : cell.get("outputs")) {
                outputs++;
                assertThat(output.get("output_type").stringValue()).isNotEqualTo("error");
                assertThat(output.path("name").stringValue("stdout")).isEqualTo("stdout");
            }
        }
        assertThat(outputs).isGreaterThan(5);
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void nothingNamesTheMachine(Path file) throws IOException {
        String stored = Files.readString(file);
        assertThat(MACHINE.matcher(stored).results().map(MatchResult::group)).isEmpty();
        assertThat(OBJECT.matcher(stored).results().map(MatchResult::group)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void everyLinkLeadsSomewhere(Path file) throws IOException {
        for (JsonNode cell : cells(read(file), "markdown")) {
            LINK.matcher(text(cell.get("source")))
                    .results()
                    .map(link -> link.group(1).split("#", 2)[0])
                    .filter(target -> !target.startsWith("http"))
                    .forEach(target -> assertThat(FOLDER.resolve(target)).exists());
        }
    }

    @ParameterizedTest
    @MethodSource("notebooks")
    void lessonsCheckWhatTheySay(Path file) throws IOException {
        JsonNode notebook = read(file);
        if (!notebook.at("/metadata/kernelspec/language").stringValue().equals("java")) {
            return;
        }
        StringBuilder printed = new StringBuilder();
        for (JsonNode cell : cells(notebook, "code")) {
            cell.get("outputs").forEach(output -> printed.append(text(output.path("text"))));
        }
        assertThat(printed.toString()
                        .lines()
                        .filter(line -> line.startsWith("holds: "))
                        .count())
                .isGreaterThanOrEqualTo(8);
        List<JsonNode> code = cells(notebook, "code");
        assertThat(text(notebook.at("/cells/" + (notebook.get("cells").size() - 2) + "/source")))
                .contains("## Exercise");
        assertThat(code.get(code.size() - 1).get("outputs").size()).isPositive();
    }
}
