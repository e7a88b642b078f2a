package org.likelihood4j.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.cli.Program;

class ReproduceCommandTest {
    @TempDir
    private Path folder;

    private Program.Result reproduce(Object... arguments) {
        Object[] all = new Object[arguments.length + 5];
        all[0] = "reproduce";
        all[1] = "--published";
        all[2] = folder;
        all[3] = "--runs";
        all[4] = folder.resolve("runs");
        System.arraycopy(arguments, 0, all, 5, arguments.length);
        return Program.run(all);
    }

    /** Trained once; what is there is gone on with, and only what is of the same training. */
    @Test
    void aFigureIsReproducedAndListed() throws IOException {
        Files.writeString(folder.resolve("tiny.yaml"), Program.VAE);
        Files.writeString(folder.resolve("registry.json"), """
                {"publications": [
                 {"name": "easy", "source": "nobody 2026", "protocol": "p", "differences": "none", "quantity": "nll", "unit": "nats",
                  "published": 1000, "tolerance": 0, "importanceSamples": 4, "config": "tiny.yaml", "settings": ["seed=3"], "hours": 0.1},
                 {"name": "hard", "source": "nobody 2026", "protocol": "p", "differences": "none", "quantity": "nll", "unit": "nats",
                  "published": 1, "tolerance": 0, "importanceSamples": 4, "config": "tiny.yaml", "settings": [], "hours": 5}]}
                """);
        reproduce("easy", "--device", "cuda").toldInOneLine(1, List.of("device: cuda", "use cpu"));
        assertThat(reproduce("easy", "--store", "--device", "cpu").succeeded().text())
                .contains("nobody 2026: nll 1000.000 nats", "here, over 30 test examples: ")
                .endsWith("nats: reached");
        assertThat(folder.resolve("runs/easy/reproduction.json"))
                .hasSameTextualContentAs(folder.resolve("results/easy.json"))
                .content()
                .contains("\"importanceSamples\" : 4", "\"seed\" : 3");
        assertThat(reproduce("easy").succeeded().text()).contains("was trained before");
        assertThat(reproduce("--list").succeeded().text())
                .containsPattern("easy +1000.000 +\\d+\\.\\d{3} \\+- \\d+\\.\\d{3} +nats +reached")
                .containsPattern("hard +1.000 +- +nats +not run \\(5 hours\\)")
                .endsWith("1 of 2 reached");

        Program.run(
                        "train",
                        folder.resolve("tiny.yaml"),
                        "--runs",
                        folder.resolve("runs"),
                        "--name",
                        "hard",
                        "--set",
                        "training.epochs=1",
                        "--set",
                        "model.latent=5")
                .succeeded();
        reproduce("hard").toldInOneLine(1, List.of("is a run of another", "model.latent", "--runs"));
        reproduce("nothing").toldInOneLine(1, List.of("there is no published figure 'nothing'; there are easy, hard"));
        reproduce("easy", "--list").toldInOneLine(1, List.of("leave easy out"));
    }
}
