package org.likelihood4j.fuzz;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.likelihood4j.config.RunConfig;
import org.likelihood4j.config.rules.ConfigException;
import org.likelihood4j.config.yaml.ConfigLoader;

/** Each line as a {@code --set KEY=VALUE}. */
final class OverridesTarget implements Target {
    private static final String BASE = "name: base\nmodel: {type: vae, encoder: {hidden: [16]}}\n";

    @Override
    public String name() {
        return "overrides";
    }

    @Override
    public String description() {
        return "lines as --set KEY=VALUE on a small configuration";
    }

    @Override
    public List<String> words() {
        return ConfigTarget.WORDS;
    }

    @Override
    public List<byte[]> corpus() {
        return Stream.of(
                        "training.epochs=3",
                        "model.type=realnvp\nmodel.couplings=2\nloss=null",
                        "model.encoder.hidden=[200, 100]\nmodel.prior={type: mixture, components: 3}",
                        "name='a b'\nseed=-1",
                        "loss.kl.warmup.type=linear\nloss.kl.warmup.epochs=2.5",
                        "a.b.c.d.e=5")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public void run(byte[] input, Path folder) {
        String text = new String(input, StandardCharsets.UTF_8);
        RunConfig config;
        try {
            config = ConfigLoader.parse(BASE, "base.yaml", List.of(text.split("\n", -1)));
        } catch (ConfigException e) {
            // It is an override's fault, or that of what it leaves of the file.
            Refusals.check(e, e.getMessage().startsWith("base.yaml") ? "base.yaml" : "--set ", text);
            return;
        }
        ConfigTarget.roundTrip(config);
        ConfigTarget.plan(config, text);
    }
}
