package org.likelihood4j.inference.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.likelihood4j.config.ConditionerConfig;
import org.likelihood4j.config.LikelihoodConfig;
import org.likelihood4j.config.LossConfig;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.config.NetworkConfig;
import org.likelihood4j.config.data.TableFiles;
import org.likelihood4j.config.data.ToyConfig;
import org.likelihood4j.data.synthetic.densities.ToyDensity;
import org.likelihood4j.data.tables.MissingCells;
import org.likelihood4j.models.LatentVariableModel.KlEstimator;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.flow.HalfOrder;
import org.likelihood4j.models.layers.Activation;
import org.likelihood4j.models.layers.ConvNet;
import org.likelihood4j.models.vae.likelihood.Binarization;

class VocabularyTest {
    /** Each constant has one word, and that is its name, so that nobody has two vocabularies to learn. */
    @Test
    void bothSidesHaveTheSameConstants() {
        same(ModelConfig.Mask.values(), Vocabulary::of, HalfOrder.values());
        same(ModelConfig.Mixing.values(), Vocabulary::of, Mixing.Kind.values());
        same(NetworkConfig.Activation.values(), Vocabulary::of, Activation.values());
        same(LikelihoodConfig.Binarization.values(), Vocabulary::of, Binarization.values());
        same(LossConfig.Estimator.values(), Vocabulary::of, KlEstimator.values());
        same(ToyConfig.Density.values(), Vocabulary::of, ToyDensity.values());
        ConditionerConfig.Type[] convolutional = Arrays.stream(ConditionerConfig.Type.values())
                .filter(type -> type != ConditionerConfig.Type.DENSE)
                .toArray(ConditionerConfig.Type[]::new);
        same(convolutional, Vocabulary::of, ConvNet.Block.values());
        same(TableFiles.Missing.values(), Vocabulary::of, MissingCells.values());
    }

    private static <W extends Enum<W>, C extends Enum<C>> void same(W[] words, Function<W, C> table, C[] constants) {
        for (W word : words) {
            assertThat(table.apply(word).name()).isEqualTo(word.name());
        }
        assertThat(Arrays.stream(words).map(table)).containsExactlyInAnyOrder(constants);
    }
}
