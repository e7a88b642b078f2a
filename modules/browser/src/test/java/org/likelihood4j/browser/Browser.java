package org.likelihood4j.browser;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A headless Chromium for the tests of one class. It cannot reach anything but this machine, and says what a page did: what it
 * wrote to the console, and what it asked the network for.
 *
 * <p>The programs are those of Debian's packages chromium and chromium-driver; the environment variables
 * LIKELIHOOD4J_CHROMIUM and LIKELIHOOD4J_CHROMEDRIVER name others.
 */
final class Browser implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
    static final int WIDTH = 1280;
    static final int HEIGHT = 900;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final JsonMapper JSON = new JsonMapper();

    /** Held, since loggers that nobody holds forget what they were told. */
    private static final Logger PROTOCOLS = Logger.getLogger("org.openqa.selenium.devtools");

    static {
        // It knows the protocol of some versions only, and warns of others; what we use of it does not change.
        PROTOCOLS.setLevel(Level.SEVERE);
    }

    private final List<String> console = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private Path profile;
    private ChromeDriver driver;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        profile = Files.createTempDirectory("chromium");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("LIKELIHOOD4J_CHROMIUM", "/usr/bin/chromium"));
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
                "--force-device-scale-factor=1",
                "--window-size=" + WIDTH + "," + HEIGHT,
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(program("LIKELIHOOD4J_CHROMEDRIVER", "/usr/bin/chromedriver")))
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
    }

    private static String program(String variable, String usual) {
        String path = System.getenv().getOrDefault(variable, usual);
        if (!Files.isExecutable(Path.of(path))) {
            throw new IllegalStateException(
                    path + " is not there: install the packages chromium and chromium-driver, or"
                            + " set the environment variable " + variable);
        }
        return path;
    }

    /** Every test begins on an empty page of a laptop's size, in light colours, with nothing logged. */
    @Override
    public void beforeEach(ExtensionContext context) {
        driver.get("about:blank");
        screen(WIDTH, HEIGHT, false);
        colours("light");
        forget();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (driver != null) {
            driver.quit();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
        }
    }

    void open(Path file) {
        open(file.toUri().toString());
    }

    void open(String address) {
        driver.get(address);
    }

    /** Width and height in CSS pixels; a phone also has touch and a viewport that obeys the page. */
    void screen(int width, int height, boolean phone) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
    }

    /** What the system prefers: {@code light} or {@code dark}. */
    void colours(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** The value of a JavaScript expression. */
    Object js(String expression, Object... arguments) {
        return driver.executeScript("return " + expression, arguments);
    }

    /** Runs a script that calls {@code done} when it is through. */
    void async(String script) {
        driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + script);
    }

    double number(String expression, Object... arguments) {
        Object value = js(expression, arguments);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw new AssertionError(expression + " is not a number: " + value);
    }

    boolean is(String expression, Object... arguments) {
        return Boolean.TRUE.equals(js(expression, arguments));
    }

    String text(String expression, Object... arguments) {
        return String.valueOf(js(expression, arguments));
    }

    /** Waits until an expression is true. */
    void until(String expression, Object... arguments) {
        until(expression, () -> is(expression, arguments));
    }

    void until(String what, Supplier<Boolean> condition) {
        until(what, PATIENCE, condition);
    }

    void until(String what, Duration patience, Supplier<Boolean> condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not within " + patience.toSeconds() + " s: " + what + "\nconsole: " + console());
            }
            pause(30);
        }
    }

    void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    WebElement element(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    void scrollTo(WebElement element) {
        js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element);
    }

    /** Presses the mouse at one point of an element, and lets it go at another; both relative to its upper left corner. */
    void drag(WebElement element, int fromX, int fromY, int toX, int toY) {
        scrollTo(element);
        to(mouse(), element, fromX, fromY)
                .clickAndHold()
                .moveByOffset((toX - fromX) / 2, (toY - fromY) / 2)
                .moveByOffset(toX - fromX - (toX - fromX) / 2, toY - fromY - (toY - fromY) / 2)
                .release()
                .perform();
    }

    void click(WebElement element, int x, int y) {
        scrollTo(element);
        to(mouse(), element, x, y).click().perform();
    }

    void doubleClick(WebElement element) {
        scrollTo(element);
        mouse().doubleClick(element).perform();
    }

    /** Puts the mouse there, without scrolling. */
    void move(WebElement element, int x, int y) {
        to(mouse(), element, x, y).perform();
    }

    private Actions mouse() {
        return new Actions(driver, Duration.ofMillis(20));
    }

    /** Selenium counts from the middle of an element. */
    private static Actions to(Actions mouse, WebElement element, int x, int y) {
        return mouse.moveToElement(
                element,
                x - element.getSize().getWidth() / 2,
                y - element.getSize().getHeight() / 2);
    }

    void focus(String selector) {
        js("document.querySelector(arguments[0]).focus()", selector);
    }

    /** Types keys wherever the focus is. */
    void type(CharSequence... keys) {
        new Actions(driver, Duration.ofMillis(5)).sendKeys(keys).perform();
    }

    /** What is seen in the window. */
    BufferedImage screenshot() {
        try {
            return ImageIO.read(new ByteArrayInputStream(driver.getScreenshotAs(OutputType.BYTES)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What this test's pages wrote to the console, errors of the network and of the security policy included. */
    List<String> console() {
        collectLogs();
        return List.copyOf(console);
    }

    /** The addresses that this test's pages asked for, but for those that hold their own content ({@code data:}). */
    List<String> requests() {
        collectLogs();
        return List.copyOf(requests);
    }

    /** What was said and asked for until now was meant to be. */
    void forget() {
        collectLogs();
        console.clear();
        requests.clear();
    }

    private void collectLogs() {
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            console.add(entry.getLevel() + " " + entry.getMessage());
        }
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = JSON.readTree(entry.getMessage()).path("message");
            String method = message.path("method").asString("");
            if (method.equals("Network.requestWillBeSent") || method.equals("Network.webSocketCreated")) {
                JsonNode parameters = message.path("params");
                String address = parameters
                        .path("request")
                        .path("url")
                        .asString(parameters.path("url").asString(""));
                if (!address.startsWith("data:")) {
                    requests.add(address);
                }
            }
        }
    }
}
