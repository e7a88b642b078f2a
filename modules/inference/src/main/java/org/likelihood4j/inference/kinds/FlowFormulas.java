package org.likelihood4j.inference.kinds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.models.bijectors.coupling.Mixing;
import org.likelihood4j.models.flow.FlowData;
import org.likelihood4j.models.flow.PixelData;

/** A flow of couplings or of autoregressive steps of a row, in formulas. */
final class FlowFormulas {
    private static final String TURN = "y = y[:, turn]";

    private FlowFormulas() {}

    static ModelFormulas of(ModelConfig.RealNvp flow, FlowData data, Mixing mixing, int parametersPerColumn) {
        MixingLines mixed = new MixingLines(mixing, data.shape().size());
        boolean autoregressive = flow.architecture() == ModelConfig.Architecture.AUTOREGRESSIVE;
        boolean rows = !data.storesIntegers();
        List<String> encode = new ArrayList<>();
        if (rows) {
            encode.add("y = data");
            encode.add("logDet = 0");
        } else {
            encode.add("v = (data + uniform(" + data.shape().size() + ")) / levels");
            encode.add("p = alpha + (1 - 2 * alpha) * v");
            encode.add("y = log(p) - log(1 - p)");
            encode.add("logDet = sum(log(1 - 2 * alpha) - log(p) - log(1 - p) - log(levels))");
        }
        encode.add("y = (y - standardization/shift) / exp(standardization/logScale)");
        encode.add("logDet = logDet - sum(standardization/logScale)");
        if (!autoregressive) {
            encode.add("y = y[:, order]");
        }
        List<String> back = new ArrayList<>(List.of("y = latent"));
        for (int i = 0; i < flow.couplings(); i++) {
            int last = flow.couplings() - 1 - i;
            encode.addAll(mixed.of(i, false));
            encode.addAll(step(flow, data, i, false));
            back.addAll(step(flow, data, last, true));
            back.addAll(mixed.of(last, true));
        }
        encode.add("latent = y");
        if (!autoregressive) {
            back.add("y = y[:, argsort(order)]");
        }
        back.add("y = y * exp(standardization/logScale) + standardization/shift");
        back.add(rows ? "data = y" : "intensity = (sigmoid(y) - alpha) / (1 - 2 * alpha)");
        List<String> sample = new ArrayList<>(
                List.of("latent = temperature * normal(" + data.shape().size() + ")"));
        sample.addAll(back);
        if (!rows) {
            sample.add(FormulaLines.pixel());
        }
        return new ModelFormulas(
                constants(flow, data, mixed, parametersPerColumn),
                encode,
                back,
                sample,
                List.of("logProb = sum(logNormal(latent, 0, 0)) + logDet"));
    }

    private static List<String> step(ModelConfig.RealNvp flow, FlowData data, int index, boolean inverse) {
        if (flow.architecture() != ModelConfig.Architecture.AUTOREGRESSIVE) {
            return FormulaLines.coupling(ownCoupling(flow, data, "coupling" + index, index), inverse);
        }
        List<String> step = FormulaLines.autoregressive(ownCoupling(flow, data, "step" + index, index), inverse);
        if (flow.mixing() != ModelConfig.Mixing.NONE || index % 2 == 0) {
            return step;
        }
        List<String> turned = new ArrayList<>(List.of(TURN));
        turned.addAll(step);
        turned.add(TURN);
        return turned;
    }

    private static FormulaLines.Coupling ownCoupling(ModelConfig.RealNvp flow, FlowData data, String path, int index) {
        return new FormulaLines.Coupling(
                path,
                flow.family(),
                flow.bins() == null ? 0 : flow.bins(),
                "bound",
                data.firstHalf(),
                data.shape().size(),
                index,
                conditioner(flow),
                flow);
    }

    private static ConditionerLines conditioner(ModelConfig.RealNvp flow) {
        return new ConditionerLines(flow.conditioner(), flow.architecture() == ModelConfig.Architecture.AUTOREGRESSIVE);
    }

    private static Map<String, Object> constants(
            ModelConfig.RealNvp flow, FlowData data, MixingLines mixed, int parametersPerColumn) {
        int size = data.shape().size();
        Map<String, Object> constants = new LinkedHashMap<>();
        if (data instanceof PixelData pixels) {
            constants.put("levels", pixels.levels());
            constants.put("alpha", pixels.alpha());
        }
        if (flow.logScaleBound() != null) {
            constants.put("bound", flow.logScaleBound());
        }
        if (flow.tailBound() != null) {
            constants.put("tailBound", flow.tailBound());
        }
        mixed.constants(flow.couplings(), constants);
        if (flow.architecture() == ModelConfig.Architecture.AUTOREGRESSIVE) {
            int told = flow.classes() == null ? 0 : flow.classes();
            conditioner(flow).constants(size, told, parametersPerColumn, constants);
            constants.put(
                    "turn", IntStream.range(0, size).map(i -> size - 1 - i).toArray());
        } else {
            constants.put("order", data.order());
        }
        return constants;
    }
}
