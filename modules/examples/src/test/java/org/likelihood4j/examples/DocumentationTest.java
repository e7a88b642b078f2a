package org.likelihood4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every piece of Java in README.md, docs/java-api.md and a Javadoc stands in the compiled examples, line by line. */
class DocumentationTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();

    @ParameterizedTest
    @CsvSource({"README.md, 1", "docs/java-api.md, 5"})
    void everySnippetIsCompiled(String page, int fewest) throws IOException {
        List<String> snippets = snippets(Files.readAllLines(ROOT.resolve(page)));
        assertThat(snippets).hasSizeGreaterThanOrEqualTo(fewest);
        requireCompiled(snippets);
    }

    @Test
    void theSnippetOfTheJavadocIsCompiled() throws IOException {
        List<String> lines = Files.readAllLines(
                ROOT.resolve("modules/training/src/main/java/org/likelihood4j/training/ArrayTraining.java"));
        int from = lines.indexOf(" * <pre>");
        int to = lines.indexOf(" * </pre>");
        assertThat(from).isPositive().isLessThan(to - 1);
        requireCompiled(List.of(plain(lines.subList(from + 1, to).stream()
                .map(line -> line.substring(" * ".length()))
                .toList())));
    }

    private static void requireCompiled(List<String> snippets) throws IOException {
        List<String> sources;
        try (Stream<Path> files =
                Files.list(ROOT.resolve("modules/examples/src/main/java/org/likelihood4j/examples"))) {
            sources = files.map(DocumentationTest::lines).toList();
        }
        for (String snippet : snippets) {
            assertThat(sources).as(snippet).anyMatch(source -> source.contains(snippet));
        }
    }

    private static List<String> snippets(List<String> document) {
        List<String> snippets = new ArrayList<>();
        List<String> current = null;
        for (String line : document) {
            if (line.equals("```java")) {
                current = new ArrayList<>();
            } else if (line.equals("```") && current != null) {
                snippets.add(plain(current));
                current = null;
            } else if (current != null) {
                current.add(line);
            }
        }
        return snippets;
    }

    private static String lines(Path file) {
        try {
            return plain(Files.readAllLines(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Without indentation and empty lines. */
    private static String plain(List<String> lines) {
        return lines.stream().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
