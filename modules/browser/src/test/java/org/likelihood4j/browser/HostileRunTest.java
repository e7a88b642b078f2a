package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.likelihood4j.browser.Page.Curve;

/** Runs that someone has made to get more out of a reader's browser than their numbers. */
class HostileRunTest extends OpenReport {
    @RegisterExtension
    static final Browser BROWSER = new Browser();

    HostileRunTest() {
        super(BROWSER);
    }

    private static final String EVIL = "<img src=x onerror=window.pwned=1><script>window.pwned=2<\\/script>";

    /** Names, numbers' names, values and texts of a run that someone has made to break out of them. */
    @Test
    void aRunCannotSayMarkup() throws IOException {
        RunFolder evil = RunFolder.vae(folder, "\"'><img src=x onerror=window.pwned=3><svg onload=window.pwned=4>");
        evil.config("name: x\nmodel: {type: vae, latent: 8}\n'" + EVIL + "': '" + EVIL + "'\n");
        evil.line(
                ("'event':'start','time':'EVIL','steps_per_epoch':100,'parameters':'EVIL','provenance':{'data':'EVIL',"
                                + "'EVIL':'</script><script>window.pwned=5</script>','__proto__':{'data':'EVIL'}}")
                        .replace("EVIL", EVIL));
        evil.epochs(1, 10);
        evil.line(
                ("'event':'epoch','epoch':11,'step':1100,'training':{'EVIL':1,'loss':98,'__proto__':5,'constructor':6},"
                                + "'validation':{'EVIL':2,'loss':99},'warnings':['EVIL'],"
                                + "'gradients':{'loss':{'EVIL':{'mu':{'variance':3},'sigma':{'variance':4}},"
                                + "'constructor':{'mu':{'variance':3}},'__proto__':{'mu':{'variance':3}}}}")
                        .replace("EVIL", EVIL));
        evil.line(
                ("'event':'step','step':1150,'epoch':12,'loss':97,'gradient_norm':3,'blocks':[{'name':'EVIL','gradient_norm':3},"
                                + "{'name':'__proto__','gradient_norm':4,'log_scale':{'rms':1}},{'name':'toString','gradient_norm':4}]")
                        .replace("EVIL", EVIL));
        evil.line("'event':'rollback','step':1160,'problem':'EVIL','to_step':1,'learning_rate_factor':0.5"
                .replace("EVIL", EVIL));
        evil.line("'event':'end','reason':'constructor'");
        evil.pictures("samples", 1, 2);
        Files.writeString(
                evil.path().resolve("samples/epoch-0003.png"),
                "<svg xmlns='http://www.w3.org/2000/svg' onload='pwned=1'/>");

        List<List<RunFolder>> pages = List.of(List.of(evil), List.of(evil, run));
        for (List<RunFolder> runs : pages) {
            page.openReport(file, runs.toArray(RunFolder[]::new));
            BROWSER.js("document.querySelectorAll('button').forEach(button => button.click())");
            page.painted();
            BROWSER.pause(200);
            assertThat(BROWSER.text("typeof window.pwned")).isEqualTo("undefined");
            // As many scripts as ours, no element of theirs, no handler in any attribute; images only in the pictures.
            List<String> found = new ArrayList<>();
            for (String selector : List.of(
                    "script:not([type]):not(body > script)",
                    "svg[onload]",
                    "[onerror]",
                    "[onload]",
                    "iframe",
                    "object",
                    "img:not([data-x]):not(.pictures img)")) {
                if (BROWSER.number("document.querySelectorAll(arguments[0]).length", selector) > 0) {
                    found.add(selector);
                }
            }
            assertThat(found).isEmpty();
            // Shown they are, as what they are: texts.
            assertThat(BROWSER.text(
                            "document.getElementById('title').parentElement.parentElement.parentElement.innerText"))
                    .contains("onerror=window.pwned=3");
            assertThat(BROWSER.text("document.getElementById('events').innerText"))
                    .contains("onerror=window.pwned=1");
            assertThat(BROWSER.text("document.getElementById('facts').innerText"))
                    .contains("constructor")
                    .doesNotContain("function");
        }
        page.openReport(file, evil);
        assertThat(BROWSER.text("document.title")).startsWith("\"'><img src=x");
        page.shows(
                "chart-kl",
                "analytic",
                Curve.of(evil.events("epoch"), "/kl/analytic").only(0, 10));
    }

    /** Were a page to let markup in, the policy would still let nothing run, nor load: tried by hand here. */
    @Test
    void thePolicyLetsNothingElseRun() throws IOException {
        try (ServerSocket stranger = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:" + stranger.getLocalPort() + "/";
            BROWSER.js(
                    "document.body.insertAdjacentHTML('beforeend', arguments[0])",
                    ("<img src=x onerror='window.pwned=1'><img src='ADDRESS'><iframe src='ADDRESS'></iframe><link rel=stylesheet"
                                    + " href='ADDRESS'><style>body{background:rgb(1,2,3)!important}</style>")
                            .replace("ADDRESS", address));
            BROWSER.js(
                    "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.pwned=2'}))");
            BROWSER.js("void fetch(arguments[0]).catch(() => {})", address);
            assertThat(heardBy(stranger)).isEmpty();
        }
        assertThat(BROWSER.text("typeof window.pwned")).isEqualTo("undefined");
        assertThat(BROWSER.text("getComputedStyle(document.body).backgroundColor"))
                .isNotEqualTo("rgb(1, 2, 3)");
        assertThat(BROWSER.console()).hasSizeGreaterThan(4).allMatch(line -> line.contains("Content Security Policy"));
        BROWSER.forget();
    }

    /** What has been said to a server. Chromium may open connections ahead of what it then does not ask for. */
    private static String heardBy(ServerSocket server) throws IOException {
        server.setSoTimeout(300);
        StringBuilder heard = new StringBuilder();
        while (true) {
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(300);
                for (int b = socket.getInputStream().read();
                        b >= 0;
                        b = socket.getInputStream().read()) {
                    heard.append((char) b);
                }
            } catch (SocketTimeoutException e) {
                if (!e.getMessage().startsWith("Read")) {
                    return heard.toString();
                }
            }
        }
    }
}
