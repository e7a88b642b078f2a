package org.likelihood4j.engine.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the compiler keeps loops of vectors apart; what they compute is for {@code TileMathTest}. */
class VectorMathTest {
    private static final Pattern INSTRUCTION = Pattern.compile("(?m)^ +(\\d+): ");

    /**
     * A caller's own loop and that of the function that it calls, compiled as one, are more than the compiler keeps in registers of:
     * vectors become objects, where the caller happens to be compiled first.
     */
    @ParameterizedTest
    @ValueSource(strings = {"exp", "log"})
    void aLoopThatOthersCallIsTooLongToBecomePartOfThem(String name) throws Exception {
        ToolProvider javap = ToolProvider.findFirst("javap").orElse(null);
        assumeThat(javap).isNotNull();
        StringWriter listing = new StringWriter();
        Path classes = Path.of(VectorMath.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        PrintWriter out = new PrintWriter(listing);
        javap.run(out, out, "-c", "-p", "-cp", classes.toString(), VectorMath.class.getName());
        String method = listing.toString()
                .split("void " + name + "\\(float\\[], float\\[], int\\);", -1)[1]
                .split("\n\n", -1)[0];
        Matcher instruction = INSTRUCTION.matcher(method);
        int bytes = 0;
        while (instruction.find()) {
            bytes = 1 + Integer.parseInt(instruction.group(1));
        }
        int most = Integer.parseInt(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("FreqInlineSize")
                .getValue());
        assertThat(bytes).isGreaterThan(most);
    }
}
