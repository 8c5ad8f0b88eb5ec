package dev.cairn.recipe.probe;

import dev.cairn.data.probes.Probe;
import dev.cairn.data.probes.ProbeKind;
import dev.cairn.eval.Accuracy;
import dev.cairn.model.CausalLm;
import dev.cairn.train.Prediction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a model did on one probe.
 *
 * @param size size of the probe
 * @param right share of the tokens, or of the examples, that were right; see {@link
 *     ProbeKind#countsTokens()}
 * @param loss mean loss per predicted token, in nats
 */
public record ProbeResult(ProbeKind kind, int size, Accuracy right, double loss) {
    static ProbeResult of(CausalLm model, Probe probe) {
        List<Prediction> predictions = Prediction.of(model, probe.examples());
        int targets = predictions.stream().mapToInt(Prediction::targets).sum();
        double loss = predictions.stream().mapToDouble(Prediction::loss).sum();
        return new ProbeResult(
                probe.kind(), probe.size(), right(probe.kind(), predictions), loss / targets);
    }

    /** The mean share of each kind over its sizes, by the kind's name. */
    static Map<String, Double> shares(List<ProbeResult> results) {
        return results.stream()
                .collect(
                        Collectors.groupingBy(
                                result -> result.kind().label(),
                                LinkedHashMap::new,
                                Collectors.averagingDouble(result -> result.right().rate())));
    }

    private static Accuracy right(ProbeKind kind, List<Prediction> predictions) {
        return kind.countsTokens()
                ? Accuracy.of(
                        predictions.stream().mapToInt(Prediction::hits).sum(),
                        predictions.stream().mapToInt(Prediction::targets).sum())
                : Accuracy.of(
                        Math.toIntExact(predictions.stream().filter(Prediction::isWhole).count()),
                        predictions.size());
    }
}
