package org.likelihood4j.benchmarks.libtorch;

import java.util.Locale;
import org.likelihood4j.benchmarks.work.Workload;
import org.likelihood4j.models.layers.Mlp;

/**
 * The VAE's loss: dynamically binarised pixels, the fused cross-entropy of logits, the KL in closed form; all sums at once, as
 * nobody asked for the value of each example.
 *
 * @param encoder from pixels to the mean and the log-variance, side by side
 * @param decoder from the latent to logits
 */
record TorchVae(int batch, int latent, Network encoder, Network decoder) implements TorchLoss {
    /** Writes a network of rows. */
    @FunctionalInterface
    interface Network {
        String write(TorchSource s, String x);
    }

    static TorchVae of(Workload.Vae vae) {
        int hidden = vae.network().hidden().size();
        String activation = name(vae.network());
        return new TorchVae(
                vae.batch(),
                vae.latent(),
                (s, x) -> s.network("encoder", hidden, activation, x),
                (s, z) -> s.network("decoder", hidden, activation, z));
    }

    static TorchVae of(Workload.ConvVae vae) {
        return new TorchVae(vae.batch(), vae.latent(), (s, x) -> encoded(vae, s, x), (s, z) -> decoded(vae, s, z));
    }

    /** The dense layers take the last map with its channels last: a view of it in one layout, a copy in the other. */
    private static String encoded(Workload.ConvVae vae, TorchSource s, String x) {
        String activation = name(vae.network());
        String map = s.let("torch.view(" + x + ", " + shape(vae, "1, " + vae.size() + ", " + vae.size()) + ")");
        for (int i = 0; i < vae.channels().size(); i++) {
            map = s.let("torch." + activation + "(" + s.halving("encoder/conv" + i, map) + ")");
        }
        String rows = s.let("torch.reshape(torch.permute(" + map + ", [0, 2, 3, 1]), " + shape(vae, "-1") + ")");
        return s.network("encoder", vae.network().hidden().size(), activation, rows);
    }

    private static String decoded(Workload.ConvVae vae, TorchSource s, String z) {
        String activation = name(vae.network());
        String rows = z;
        for (int i = 0; i < vae.network().hidden().size(); i++) {
            rows = s.let("torch." + activation + "(" + s.dense("decoder/layer" + i, rows) + ")");
        }
        rows = s.let("torch." + activation + "(" + s.dense("decoder/map", rows) + ")");
        String places = shape(vae, vae.smallest() + ", " + vae.smallest() + ", " + vae.lastChannels());
        String map = s.let(s.laidOut("torch.permute(torch.view(" + rows + ", " + places + "), [0, 3, 1, 2])"));
        for (int i = vae.channels().size() - 1; i > 0; i--) {
            map = s.let("torch." + activation + "(" + s.doubling("decoder/conv" + i, map) + ")");
        }
        String image = s.full(s.doubling("decoder/conv0", map));
        return s.let("torch.add(torch.reshape(" + image + ", " + shape(vae, "-1") + "), "
                + s.parameter("decoder/output/bias") + ")");
    }

    private static String shape(Workload.ConvVae vae, String extents) {
        return "[" + vae.batch() + ", " + extents + "]";
    }

    private static String name(Mlp.Hidden network) {
        return network.activation().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String write(TorchSource s) {
        String x = s.let("torch.to(torch.lt(torch.mul(binarization, 255.), pixels), 6)");
        String head = s.let("torch.split(" + encoder.write(s, x) + ", " + latent + ", 1)");
        String mean = s.let(head + "[0]");
        String logVariance = s.let(head + "[1]");
        String sigma = s.let("torch.exp(torch.mul(" + logVariance + ", 0.5))");
        String z = s.let("torch.addcmul(" + mean + ", " + sigma + ", posterior)");
        String logits = decoder.write(s, z);
        String crossEntropy = s.let("torch.binary_cross_entropy_with_logits(" + logits + ", " + x + ", None, None, 2)");
        String squares = s.let("torch.addcmul(torch.mul(" + sigma + ", " + sigma + "), " + mean + ", " + mean + ")");
        String kl = s.let("torch.sum(torch.sub(" + squares + ", torch.add(" + logVariance + ", 1.)))");
        return "torch.div(torch.add(" + crossEntropy + ", torch.mul(" + kl + ", 0.5)), " + (double) batch + ")";
    }
}
