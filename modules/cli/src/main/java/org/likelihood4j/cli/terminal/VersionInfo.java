package org.likelihood4j.cli.terminal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: everything that decides how a run behaves. */
public final class VersionInfo implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        try (InputStream in = VersionInfo.class.getResourceAsStream("build.properties")) {
            build.load(in);
        }
        String revision = System.getProperty("likelihood4j.revision", "");
        String nativeBuild = System.getProperty("org.bytedeco.javacpp.platform.extension", "");
        return new String[] {
            "likelihood4j " + build.getProperty("version") + (revision.isEmpty() ? "" : " (revision " + revision + ")"),
            "ND4J " + build.getProperty("nd4j") + ", native build "
                    + (nativeBuild.isEmpty() ? "base" : nativeBuild.substring(1)),
            "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + "), "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch")
        };
    }
}
