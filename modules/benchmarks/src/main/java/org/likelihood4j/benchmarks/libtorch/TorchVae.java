package org.likelihood4j.benchmarks.libtorch;

import java.util.Locale;
import org.likelihood4j.benchmarks.work.Workload;

/**
 * The VAE's loss: dynamically binarised pixels, the fused cross-entropy of logits, the KL in closed form; all sums at once, as
 * nobody asked for the value of each example.
 */
record TorchVae(Workload.Vae vae) implements TorchLoss {
    @Override
    public String write(TorchSource s) {
        String activation = vae.network().activation().name().toLowerCase(Locale.ROOT);
        int hidden = vae.network().hidden().size();
        String x = s.let("torch.to(torch.lt(torch.mul(binarization, 255.), pixels), 6)");
        String head =
                s.let("torch.split(" + s.network("encoder", hidden, activation, x) + ", " + vae.latent() + ", 1)");
        String mean = s.let(head + "[0]");
        String logVariance = s.let(head + "[1]");
        String sigma = s.let("torch.exp(torch.mul(" + logVariance + ", 0.5))");
        String z = s.let("torch.addcmul(" + mean + ", " + sigma + ", posterior)");
        String logits = s.network("decoder", hidden, activation, z);
        String crossEntropy = s.let("torch.binary_cross_entropy_with_logits(" + logits + ", " + x + ", None, None, 2)");
        String squares = s.let("torch.addcmul(torch.mul(" + sigma + ", " + sigma + "), " + mean + ", " + mean + ")");
        String kl = s.let("torch.sum(torch.sub(" + squares + ", torch.add(" + logVariance + ", 1.)))");
        return "torch.div(torch.add(" + crossEntropy + ", torch.mul(" + kl + ", 0.5)), " + (double) vae.batch() + ")";
    }
}
