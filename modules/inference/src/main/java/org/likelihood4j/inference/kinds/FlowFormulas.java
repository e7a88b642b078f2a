package org.likelihood4j.inference.kinds;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.likelihood4j.config.ModelConfig;
import org.likelihood4j.models.flow.FlowData;
import org.likelihood4j.models.flow.PixelData;

/** A flat flow of couplings, in formulas. */
final class FlowFormulas {
    private FlowFormulas() {}

    static ModelFormulas of(ModelConfig.RealNvp flow, FlowData data) {
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
        encode.add("y = y[:, order]");
        List<String> back = new ArrayList<>(List.of("y = latent"));
        for (int i = 0; i < flow.couplings(); i++) {
            encode.addAll(FormulaLines.coupling(ownCoupling(flow, data, i), false));
            back.addAll(FormulaLines.coupling(ownCoupling(flow, data, flow.couplings() - 1 - i), true));
        }
        encode.add("latent = y");
        back.add("y = y[:, argsort(order)]");
        back.add("y = y * exp(standardization/logScale) + standardization/shift");
        back.add(rows ? "data = y" : "intensity = (sigmoid(y) - alpha) / (1 - 2 * alpha)");
        List<String> sample = new ArrayList<>(
                List.of("latent = temperature * normal(" + data.shape().size() + ")"));
        sample.addAll(back);
        if (!rows) {
            sample.add(FormulaLines.pixel());
        }
        return new ModelFormulas(
                constants(flow, data),
                encode,
                back,
                sample,
                List.of("logProb = sum(logNormal(latent, 0, 0)) + logDet"));
    }

    private static FormulaLines.Coupling ownCoupling(ModelConfig.RealNvp flow, FlowData data, int index) {
        return new FormulaLines.Coupling(
                "coupling" + index,
                flow.family(),
                flow.bins() == null ? 0 : flow.bins(),
                "bound",
                data.firstHalf(),
                data.shape().size(),
                index,
                flow.conditioner().network(),
                flow);
    }

    private static Map<String, Object> constants(ModelConfig.RealNvp flow, FlowData data) {
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
        constants.put("order", data.order());
        return constants;
    }
}
