package org.likelihood4j.browser;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.likelihood4j.io.AtomicFiles;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run's folder as a training of a VAE or a flow fills it, with curves that are known and pictures of one colour each. */
final class RunFolder {
    static final int STEPS_PER_EPOCH = 100;
    static final int LATENT = 8;
    static final double FLOW_DIMENSIONS = 784;

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ESTIMATORS = List.of("analytic", "sampled", "path");

    private final Path path;
    private final boolean vae;
    private int seed = 1;

    private RunFolder(Path path, boolean vae) {
        this.path = path;
        this.vae = vae;
    }

    static RunFolder vae(Path parent, String name) {
        return new RunFolder(parent.resolve(name), true).start();
    }

    static RunFolder flow(Path parent, String name) {
        return new RunFolder(parent.resolve(name), false).start();
    }

    /** One that is there already. */
    static RunFolder at(Path path) {
        return new RunFolder(path, true);
    }

    /** Another one's curves differ. */
    RunFolder seed(int value) {
        seed = value;
        return this;
    }

    Path path() {
        return path;
    }

    private RunFolder start() {
        try {
            Files.createDirectories(path);
            config(
                    vae
                            ? "name: run\nmodel: {type: vae, latent: " + LATENT + "}\ntraining: {epochs: 40}\n"
                            : "name: run\nmodel: {type: realnvp, architecture: flat, couplings: 2}\ntraining: {epochs: 40}\n");
            Files.writeString(path.resolve("metrics.jsonl"), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        line(
                "'event':'start','time':'TIME','steps_per_epoch':%d,'total_steps':4000,'parameters':1000%s,'provenance':{'data':'digits'}"
                        .formatted(
                                STEPS_PER_EPOCH,
                                vae
                                        ? ",'abilities':['closed_form_kl','kl','latent']"
                                        : ",'dimensions':%.0f,'abilities':['exact_density','latent']"
                                                .formatted(FLOW_DIMENSIONS)));
        return this;
    }

    void config(String yaml) throws IOException {
        Files.writeString(path.resolve("config.yaml"), yaml);
    }

    /** Appends a line of metrics, with ' for " and without its braces. */
    void line(String json) {
        text("{" + json.replace('\'', '"').replace("TIME", Instant.now().toString()) + "}\n");
    }

    /** Appends to the metrics as it is. */
    void text(String text) {
        try {
            Files.writeString(path.resolve("metrics.jsonl"), text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of these epochs. */
    RunFolder epochs(int from, int to) {
        text(IntStream.rangeClosed(from, to).mapToObj(this::lines).collect(Collectors.joining()));
        return this;
    }

    /** As a resume does it: keeps the lines of so many epochs, in a new file, and says that it goes on. */
    void resumeAfter(int epoch) throws IOException {
        String kept = Files.readAllLines(path.resolve("metrics.jsonl")).stream()
                .filter(line -> JSON.readTree(line).path("epoch").asInt(0) <= epoch)
                .collect(Collectors.joining("\n", "", "\n"));
        AtomicFiles.write(path.resolve("metrics.jsonl"), kept);
        line("'event':'resume','time':'TIME','epoch':%d,'step':%d,'steps_per_epoch':%d"
                .formatted(epoch, epoch * STEPS_PER_EPOCH, STEPS_PER_EPOCH));
    }

    private String lines(int epoch) {
        StringBuilder lines = new StringBuilder();
        for (int half = 1; half <= 2; half++) {
            lines.append(vae ? vaeStep(epoch, half) : flowStep(epoch, half));
        }
        return lines.append(vae ? vaeEpoch(epoch) : flowEpoch(epoch))
                .toString()
                .replace('\'', '"')
                .replace("TIME", Instant.now().toString());
    }

    // ---- the curves

    double validationLoss(double epoch) {
        return 100 + 3 * seed + 60 * Math.exp(-epoch / 6) + 2 * Math.sin(epoch);
    }

    double trainingLoss(double epoch) {
        return 95 + 3 * seed + 80 * Math.exp(-epoch / 6);
    }

    double kl(double epoch) {
        return 25 * (1 - Math.exp(-epoch / 4));
    }

    double klDifference(double epoch) {
        return 0.4 * Math.sin(epoch);
    }

    double klError(double epoch) {
        return 0.2 + 0.01 * epoch;
    }

    /** Of a dimension; the last two are hardly used. */
    double klOf(int dimension, double epoch) {
        return dimension < LATENT - 2 ? (dimension + 1) * (1 - Math.exp(-epoch / (dimension + 2.0))) : 0.01;
    }

    double variance(int estimator, double epoch) {
        return new double[] {600, 700, 250}[estimator] * (1 + 0.3 * Math.cos(epoch / 5));
    }

    /** A flow's term, nats. */
    double term(String name, double epoch) {
        return switch (name) {
            case "base" -> -1050 - 60 * Math.exp(-epoch / 5);
            case "dequantization" -> -FLOW_DIMENSIONS * Math.log(256);
            case "logit" -> 2130;
            case "standardization" -> 68;
            case "couplings" -> 1850 - 300 * Math.exp(-epoch / 5);
            default -> throw new IllegalArgumentException(name);
        };
    }

    double logScale(int block, double epoch) {
        return (0.5 + 0.3 * block) * (1 - Math.exp(-epoch / 3));
    }

    double gradientNorm(int block, double epoch) {
        return (40 + 30 * block) * Math.exp(-epoch / 10) + 5;
    }

    // ---- their lines

    private static String number(double value) {
        return Double.toString(value);
    }

    private String vaeStep(int epoch, int half) {
        double at = epoch - 1 + half / 2.0;
        return "{'event':'step','time':'TIME','step':%d,'epoch':%d,'loss':%s,'kl':%s,'gradient_norm':%s,'learning_rate':0.001,"
                        .formatted(
                                (int) (at * STEPS_PER_EPOCH),
                                epoch,
                                number(trainingLoss(at)),
                                agreement(at),
                                number(Math.hypot(gradientNorm(0, at), gradientNorm(1, at))))
                + "'blocks':[{'name':'encoder','gradient_norm':%s},{'name':'decoder','gradient_norm':%s}]}\n"
                        .formatted(number(gradientNorm(0, at)), number(gradientNorm(1, at)));
    }

    private String agreement(double at) {
        return "{'examples':1000,'analytic':%s,'sampled':%s,'difference':%s,'standard_error':%s,'z':%s,'detectable_bias':1.0}"
                .formatted(
                        number(kl(at)),
                        number(kl(at) + klDifference(at)),
                        number(klDifference(at)),
                        number(klError(at)),
                        number(klDifference(at) / klError(at)));
    }

    private String vaeEpoch(int epoch) {
        String means = "{'loss':%s,'elbo':%s,'reconstruction':%s,'kl_analytic':%s,'kl_sampled':%s}";
        String training = means.formatted(
                number(trainingLoss(epoch)),
                number(-trainingLoss(epoch)),
                number(kl(epoch) - trainingLoss(epoch)),
                number(kl(epoch)),
                number(kl(epoch) + klDifference(epoch)));
        String validation = means.formatted(
                number(validationLoss(epoch)),
                number(-validationLoss(epoch)),
                number(kl(epoch) - validationLoss(epoch)),
                number(kl(epoch)),
                number(kl(epoch) + klDifference(epoch)));
        String kls = IntStream.range(0, LATENT)
                .mapToObj(j -> number(klOf(j, epoch)))
                .collect(Collectors.joining(",", "[", "]"));
        String variances = IntStream.range(0, LATENT)
                .mapToObj(j -> j < LATENT - 2 ? "1.2" : "0.001")
                .collect(Collectors.joining(",", "[", "]"));
        String gradients = IntStream.range(0, ESTIMATORS.size())
                .mapToObj(i -> "'%s':{'mu':{'variance':%s},'sigma':{'variance':%s}}"
                        .formatted(ESTIMATORS.get(i), number(variance(i, epoch)), number(2 * variance(i, epoch))))
                .collect(Collectors.joining(",", "{", "}"));
        return ("{'event':'epoch','time':'TIME','epoch':%d,'step':%d,'training':%s,'validation':%s,'best':true,'seconds':1.5,'kl':%s,"
                        + "'latents':{'images':1000,'active':%d,'kl_analytic':%s,'kl_sampled':%s,'mean_variance':%s},"
                        + "'gradients':{'images':50,'draws':32,'kl':%s,'loss':%s}}\n")
                .formatted(
                        epoch,
                        epoch * STEPS_PER_EPOCH,
                        training,
                        validation,
                        agreement(epoch),
                        LATENT - 2,
                        kls,
                        kls,
                        variances,
                        gradients,
                        gradients);
    }

    private String flowMeans(double at) {
        List<String> terms = List.of("base", "dequantization", "logit", "standardization", "couplings");
        double sum = terms.stream().mapToDouble(name -> term(name, at)).sum();
        return "'loss':%s,'log_likelihood':%s,".formatted(number(-sum), number(sum))
                + terms.stream()
                        .map(name -> "'" + name + "':" + number(term(name, at)))
                        .collect(Collectors.joining(","));
    }

    private String flowStep(int epoch, int half) {
        double at = epoch - 1 + half / 2.0;
        String blocks = IntStream.range(0, 2)
                .mapToObj(i -> ("{'name':'coupling%d','gradient_norm':%s,"
                                + "'log_scale':{'mean':0.1,'rms':%s,'max_abs':1.9,'saturated':0.02},"
                                + "'conditioning_log_scale':{'mean':0.1,'rms':0.2,'max_abs':0.3,'saturated':0.0}}")
                        .formatted(i, number(gradientNorm(i, at)), number(logScale(i, at))))
                .collect(Collectors.joining(",", "[", "]"));
        return "{'event':'step','time':'TIME','step':%d,'epoch':%d,%s,'gradient_norm':%s,'learning_rate':0.001,'blocks':%s}\n"
                .formatted(
                        (int) (at * STEPS_PER_EPOCH),
                        epoch,
                        flowMeans(at),
                        number(Math.hypot(gradientNorm(0, at), gradientNorm(1, at))),
                        blocks);
    }

    private String flowEpoch(int epoch) {
        return "{'event':'epoch','time':'TIME','epoch':%d,'step':%d,'training':{%s},'validation':{%s},'best':true,'seconds':1.5}\n"
                .formatted(epoch, epoch * STEPS_PER_EPOCH, flowMeans(epoch + 3), flowMeans(epoch));
    }

    // ---- pictures

    /** The colour of the picture after an epoch. */
    static Color colour(String kind, int epoch) {
        return new Color((epoch * 37) % 256, (epoch * 11 + 60) % 256, kind.equals("samples") ? 200 : 40);
    }

    RunFolder pictures(String kind, int... epochs) {
        try {
            Files.createDirectories(path.resolve(kind));
            for (int epoch : epochs) {
                BufferedImage image = new BufferedImage(48, 32, BufferedImage.TYPE_INT_RGB);
                Graphics2D graphics = image.createGraphics();
                graphics.setColor(colour(kind, epoch));
                graphics.fillRect(0, 0, 48, 32);
                graphics.dispose();
                Path file = path.resolve(kind).resolve(String.format(Locale.ROOT, "epoch-%04d.png", epoch));
                AtomicFiles.write(file, out -> ImageIO.write(image, "png", out));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    // ---- what is written, read back

    /** The lines of a kind, as the file has them. */
    List<JsonNode> events(String event) {
        try {
            return Files.readAllLines(path.resolve("metrics.jsonl")).stream()
                    .map(JSON::readTree)
                    .filter(line -> line.path("event").asString("").equals(event))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
