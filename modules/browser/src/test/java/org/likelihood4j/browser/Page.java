package org.likelihood4j.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.likelihood4j.report.PageMode;
import org.likelihood4j.report.ReportData;
import org.likelihood4j.report.ReportPage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a test sees of an open report: what its charts hold, and what is on their canvases. */
final class Page {
    /** Where to find a chart's series, for scripts below: {@code u} is the chart, {@code k} the number of the series. */
    private static final String SERIES = "const u = likelihood4j.charts[arguments[0]];"
            + "const k = u.series.findIndex((s, i) => i > 0 && s.label === arguments[1]);"
            + "if (k < 0) throw new Error('no series ' + arguments[1] + ' in ' + arguments[0]);";

    /** {@code pixel(x, y)}: what the chart's canvas has there; a copy of it, whose reading keeps the original as it is. */
    private static final String PIXELS = "const {width, height} = u.ctx.canvas;"
            + "const copy = Object.assign(document.createElement('canvas'), {width, height})"
            + "  .getContext('2d', {willReadFrequently: true});"
            + "copy.drawImage(u.ctx.canvas, 0, 0); const all = copy.getImageData(0, 0, width, height).data;"
            + "const pixel = (x, y) => { const at = 4 * (Math.round(y) * width + Math.round(x));"
            + "  return x >= 0 && y >= 0 && x < width && y < height ? [...all.slice(at, at + 4)] : [0, 0, 0, 0]; };";

    private static final JsonMapper JSON = new JsonMapper();

    private final Browser browser;

    Page(Browser browser) {
        this.browser = browser;
    }

    /** A curve. */
    record Curve(List<Double> x, List<Double> y) {
        /** What lines of metrics say, over epochs: a step is a fraction of one. */
        static Curve of(List<JsonNode> lines, String pointer) {
            return new Curve(
                    lines.stream()
                            .map(line -> line.path("step").asDouble() / RunFolder.STEPS_PER_EPOCH)
                            .toList(),
                    lines.stream()
                            .map(line -> line.at(pointer).asDouble(Double.NaN))
                            .toList());
        }

        Curve only(double from, double to) {
            int[] kept = IntStream.range(0, x.size())
                    .filter(i -> x.get(i) >= from && x.get(i) <= to)
                    .toArray();
            return new Curve(
                    Arrays.stream(kept).mapToObj(x::get).toList(),
                    Arrays.stream(kept).mapToObj(y::get).toList());
        }
    }

    /** Writes the report of these runs. */
    void write(Path file, RunFolder... runs) throws IOException {
        List<Path> folders = Stream.of(runs).map(RunFolder::path).toList();
        Files.writeString(file, ReportPage.render(ReportData.read(folders), PageMode.STATIC));
    }

    /** The same, and opens it from the disk. */
    void openReport(Path file, RunFolder... runs) throws IOException {
        write(file, runs);
        open(file);
    }

    void open(Path file) {
        open(file.toUri().toString());
    }

    /** Opens a page and waits until it has drawn. */
    void open(String address) {
        browser.open(address);
        browser.until("window.likelihood4j && likelihood4j.ready");
        painted();
    }

    /** Waits until what was asked for has been painted: uPlot draws in a task after the one that asks. */
    void painted() {
        browser.async("requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20)))");
    }

    /** A series' finite values. */
    Curve plotted(String chart, String label) {
        String points = browser.text(
                "(() => {" + SERIES
                        + "const all = u.data[0].map((x, i) => [x, u.data[k][i]]).filter(p => Number.isFinite(p[1]));"
                        + "return JSON.stringify([all.map(p => p[0]), all.map(p => p[1])]); }).apply(null, arguments)",
                chart,
                label);
        JsonNode read = JSON.readTree(points);
        return new Curve(numbers(read.get(0)), numbers(read.get(1)));
    }

    private static List<Double> numbers(JsonNode array) {
        return array.valueStream().map(JsonNode::asDouble).toList();
    }

    /**
     * The share of a curve's points at which the canvas has the series' colour, within 2 pixels.
     *
     * @param below looks this many pixels lower instead
     */
    double seen(String chart, String label, Curve curve, int below) {
        return browser.number(
                "(() => {" + SERIES + PIXELS
                        + "const colour = u.series[k].stroke(u, k).slice(1, 7).match(/../g).map(h => parseInt(h, 16));"
                        + "const is = (x, y) => { const [r, g, b, a] = pixel(x, y);"
                        + "  return a > 100 && Math.max(...[r, g, b].map((v, j) => Math.abs(v - colour[j]))) < 24; };"
                        + "const ys = arguments[3]; let hits = 0;"
                        + "arguments[2].forEach((x, i) => {"
                        + "  const px = u.valToPos(x, 'x', true), py = u.valToPos(ys[i], 'y', true) + arguments[4];"
                        + "  let hit = false;"
                        + "  for (let dx = -2; dx <= 2; dx++) for (let dy = -2; dy <= 2; dy++) hit = hit || is(px + dx, py + dy);"
                        + "  hits += hit; });"
                        + "return hits / arguments[2].length; }).apply(null, arguments)",
                chart,
                label,
                curve.x(),
                curve.y(),
                below);
    }

    /** Red, green, blue and opacity of a chart's canvas at these values. */
    List<List<Integer>> pixels(String chart, Curve curve) {
        String read = browser.text(
                "(() => { const u = likelihood4j.charts[arguments[0]];" + PIXELS
                        + "const ys = arguments[2]; return JSON.stringify(arguments[1].map((x, i) =>"
                        + "  pixel(u.valToPos(x, 'x', true), u.valToPos(ys[i], 'y', true)))); }).apply(null, arguments)",
                chart,
                curve.x(),
                curve.y());
        return JSON.readTree(read)
                .valueStream()
                .map(pixel -> pixel.valueStream().map(JsonNode::asInt).toList())
                .toList();
    }

    /** The colour that stands for a series. */
    List<Integer> colour(String chart, String label) {
        String hex = browser.text(
                "(() => {" + SERIES + "return u.series[k].stroke(u, k); }).apply(null, arguments)", chart, label);
        return IntStream.of(1, 3, 5)
                .mapToObj(at -> Integer.parseInt(hex.substring(at, at + 2), 16))
                .toList();
    }

    /** The chart holds this curve, its canvas shows it where it belongs, and its scales cover it. */
    void shows(String chart, String label, Curve curve, double least) {
        assertThat(plotted(chart, label)).as(chart + ", " + label).isEqualTo(curve);
        assertThat(seen(chart, label, curve, 0))
                .as(chart + ", " + label + ": drawn")
                .isGreaterThanOrEqualTo(least);
        assertThat(seen(chart, label, curve, 16))
                .as(chart + ", " + label + ": not beside it")
                .isLessThan(0.35);
        Map<String, Double> scale = scale(chart, "y");
        assertThat(curve.y())
                .as(chart + ", " + label + ": within the scale")
                .allSatisfy(y -> assertThat(y).isBetween(scale.get("min"), scale.get("max")));
    }

    void shows(String chart, String label, Curve curve) {
        shows(chart, label, curve, 0.9);
    }

    /** The limits of a chart's axis. */
    Map<String, Double> scale(String chart, String axis) {
        return Map.of(
                "min", browser.number("likelihood4j.charts[arguments[0]].scales[arguments[1]].min", chart, axis),
                "max", browser.number("likelihood4j.charts[arguments[0]].scales[arguments[1]].max", chart, axis));
    }

    /** Colour of the image that a section of pictures shows now, as RGB; -1 if it shows none. */
    int picture(String kind) {
        return (int) browser.number(
                "(() => { const image = document.querySelector(`section[data-kind=\"${arguments[0]}\"] img`);"
                        + "if (!image || !image.complete || !image.naturalWidth) return -1;"
                        + "const c = document.createElement('canvas').getContext('2d'); c.drawImage(image, 0, 0);"
                        + "const [r, g, b] = c.getImageData(5, 5, 1, 1).data; return r * 65536 + g * 256 + b; }).apply(null, arguments)",
                kind);
    }

    void showsPicture(String kind, int epoch) {
        int wanted = RunFolder.colour(kind, epoch).getRGB() & 0xffffff;
        browser.until("the picture of epoch " + epoch, () -> picture(kind) == wanted);
    }
}
