package org.likelihood4j.models;

/**
 * A model whose {@link #logWeight} is the exact log-density of what it is shown, {@code log p(x)},
 * of integer pixels that of {@code pixels + u} given the dequantisation noise u. What else has a
 * likelihood estimates or bounds it by draws of a latent.
 *
 * <p>Of its {@link #metrics} the first is that log-density; the others, if any, are terms that add
 * up to it.
 */
public interface ExactDensityModel extends Model {
    @Override
    default boolean hasLikelihood() {
        return true;
    }
}
