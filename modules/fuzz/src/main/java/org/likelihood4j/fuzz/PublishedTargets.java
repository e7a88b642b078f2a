package org.likelihood4j.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.likelihood4j.io.Printable;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.published.Publication;
import org.likelihood4j.laboratory.published.Registry;
import org.likelihood4j.laboratory.published.Reproduction;

/** The files of a folder of published figures, which may be somebody else's. */
final class PublishedTargets {
    private static final String REGISTRY =
            "{\"publications\":[{\"name\":\"n\",\"source\":\"s\",\"protocol\":\"p\",\"differences\":\"none\",\"quantity\":\"nll\",\"unit\":\"nats\","
                    + "\"published\":1.5,\"tolerance\":0.1,\"importanceSamples\":5,\"config\":\"n.yaml\",\"settings\":[\"a=b\"],\"hours\":0.5}]}";

    private static final String RESULT =
            "{\"value\":1.5,\"standardError\":0.1,\"images\":10,\"importanceSamples\":5,\"seed\":1,\"weights\":\"ab\",\"revision\":\"r\",\"machine\":\"m\","
                    + "\"date\":\"2026-01-01T00:00:00Z\"}";

    private PublishedTargets() {}

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts)
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /** {@code registry.json}. */
    static final class Figures implements Target {
        @Override
        public String name() {
            return "registry";
        }

        @Override
        public String description() {
            return "registry.json of published figures, whose entries are listed";
        }

        @Override
        public List<String> words() {
            return List.of(
                    "publications",
                    "name",
                    "hours",
                    "tolerance",
                    "settings",
                    "null",
                    "1e999",
                    "\\\\u001b",
                    "../",
                    "@class");
        }

        @Override
        public List<byte[]> corpus() {
            return texts(
                    REGISTRY,
                    "{\"publications\":[]}",
                    REGISTRY.replace("\"s\"", "\"\\u001b[31m\""),
                    REGISTRY.replace("\"a=b\"", "null"));
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Path file = Files.write(folder.resolve("registry.json"), input);
            Registry registry;
            try {
                registry = Registry.read(folder);
            } catch (RunException e) {
                Refusals.check(e, file.toString(), new String(input, StandardCharsets.UTF_8));
                return;
            }
            for (Publication each : registry.publications()) {
                for (String shown : List.of(
                        each.name(),
                        each.source(),
                        each.protocol(),
                        each.differences(),
                        each.unit(),
                        each.quantity(),
                        each.verdict(null))) {
                    Refusals.require(shown.equals(Printable.line(shown)), "is not printable: " + Printable.line(shown));
                }
                Refusals.require(
                        registry.result(each)
                                .normalize()
                                .startsWith(folder.resolve("results").normalize()),
                        "a result leads out of its folder");
            }
        }
    }

    /** A stored result. */
    static final class Results implements Target {
        @Override
        public String name() {
            return "reproduction";
        }

        @Override
        public String description() {
            return "a stored result of a published figure, compared with it, written and read again";
        }

        @Override
        public List<String> words() {
            return List.of("value", "standardError", "images", "weights", "null", "1e999", "\\\\u001b", "@class");
        }

        @Override
        public List<byte[]> corpus() {
            return texts(RESULT, RESULT.replace("\"m\"", "\"\\u001b[31m\""));
        }

        @Override
        public void run(byte[] input, Path folder) throws IOException {
            Files.writeString(folder.resolve("registry.json"), REGISTRY);
            Registry registry = Registry.read(folder);
            Publication publication = registry.publications().get(0);
            Path file = registry.result(publication);
            Files.createDirectories(file.getParent());
            Files.write(file, input);
            Reproduction result;
            try {
                result = registry.stored(publication);
            } catch (RunException e) {
                Refusals.check(e, file.toString(), new String(input, StandardCharsets.UTF_8));
                return;
            }
            String verdict = publication.verdict(result);
            Refusals.require(verdict.equals(Printable.line(verdict)), "is not printable: " + Printable.line(verdict));
            result.save(file);
            Refusals.require(result.equals(registry.stored(publication)), "does not read as it was written");
        }
    }
}
