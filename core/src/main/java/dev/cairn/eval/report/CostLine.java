package dev.cairn.eval.report;

import dev.cairn.eval.compare.Costs;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A line of the table of costs. */
enum CostLine {
    TOTAL_PARAMETERS("parameters in all", Costs::totalParameters, 1, 0),
    TRAINED_PARAMETERS("of these trained", Costs::trainedParameters, 1, 0),
    TRAINING_TOKENS("training tokens", Costs::trainingTokens, 1, 0),
    TRAINING_SECONDS("training, s", Costs::trainingSeconds, 1, 0),
    PEAK_MEMORY("peak memory, MB", Costs::peakMemoryBytes, 1e-6, 0),
    TOKENS_READ("tokens read", Costs::meanPromptTokens, 1, 1),
    TOKENS_WRITTEN("tokens written", Costs::meanCompletionTokens, 1, 1),
    LATENCY("latency, ms", Costs::meanMillis, 1, 1),
    PROCESSOR("processor time, ms", Costs::cpuSecondsPerAnswer, 1e3, 1),
    ENERGY("energy, J (estimated)", Costs::joulesPerAnswer, 1, 2);

    private final String label;
    private final Function<Costs, @Nullable Double> value;
    private final double scale;
    private final int decimals;

    CostLine(String label, Function<Costs, @Nullable Double> value, double scale, int decimals) {
        this.label = label;
        this.value = value;
        this.scale = scale;
        this.decimals = decimals;
    }

    String label() {
        return label;
    }

    /** The value in the line's unit, {@code –} if unknown. */
    String of(Costs costs) {
        Double known = value.apply(costs);
        return known == null ? Numbers.UNKNOWN : Numbers.decimal(known * scale, decimals);
    }
}
