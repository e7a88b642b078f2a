package org.likelihood4j.cli.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.likelihood4j.io.RunException;
import org.likelihood4j.laboratory.exercises.Exercises;
import org.likelihood4j.laboratory.exercises.OwnFormulas;
import org.likelihood4j.laboratory.verify.Finding;

class OwnClassTest {
    private static final class Named implements OwnFormulas {}

    @Test
    void aSourceFileIsCompiled(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("Mine.java"), """
                package mine;
                public class Mine implements org.likelihood4j.laboratory.exercises.OwnFormulas {
                    private static final class Half { static final double VALUE = Double.parseDouble("0.5"); }
                    @Override public double kl(double mu, double sigma) {
                        return Half.VALUE * (sigma * sigma + mu * mu - 1) - Math.log(sigma);
                    }
                }
                """);
        OwnFormulas own = OwnClass.load(file.toString());
        assertThat(Exercises.check(own, 1, finding -> {})).allMatch(Finding::passed);
        assertThat(own.kl(0, 2)).isEqualTo(1.5 - Math.log(2));
        assertThat(OwnClass.load(Named.class.getName())).isInstanceOf(Named.class);
        // The one that the documentation has begins with nothing written.
        assertThat(Exercises.check(OwnClass.load("../../docs/exercises/MyFormulas.java"), 1, finding -> {}))
                .allMatch(finding -> finding.compared().equals("not written yet"));
    }

    @Test
    void whatIsNoneIsToldInALine(@TempDir Path folder) throws IOException {
        Path wrong = Files.writeString(folder.resolve("Wrong.java"), "class Wrong {\n  int x = \"\";\n}\n");
        refused(wrong.toString(), "Wrong.java:2: incompatible types");
        refused(
                Files.writeString(folder.resolve("Other.java"), "class Other {}")
                        .toString(),
                "has no class that implements");
        refused(folder.resolve("None.java").toString(), "no such file");
        refused("no.such.Formulas", "there is no class no.such.Formulas");
        refused("java.lang.String", "does not implement");
    }

    private static void refused(String name, String told) {
        assertThatExceptionOfType(RunException.class)
                .isThrownBy(() -> OwnClass.load(name))
                .withMessageContaining(told);
    }
}
