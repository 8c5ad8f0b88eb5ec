package dev.cairn.eval.compare;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A line of the ledger, as reports show it. */
enum LedgerLine {
    TOTAL_PARAMETERS("parameters in all", Ledger::totalParameters, 1, 0),
    TRAINED_PARAMETERS("of these trained", Ledger::trainedParameters, 1, 0),
    TRAINING_TOKENS("training tokens", Ledger::trainingTokens, 1, 0),
    TRAINING_SECONDS("training, s", Ledger::trainingSeconds, 1, 0),
    PEAK_MEMORY("peak memory, MB", Ledger::peakMemoryBytes, 1e-6, 0),
    TOKENS_READ("tokens read", Ledger::meanPromptTokens, 1, 1),
    TOKENS_WRITTEN("tokens written", Ledger::meanCompletionTokens, 1, 1),
    LATENCY("latency, ms", Ledger::meanMillis, 1, 1),
    PROCESSOR("processor time, ms", Ledger::cpuSecondsPerAnswer, 1e3, 1),
    ENERGY("energy, J (estimated)", Ledger::joulesPerAnswer, 1, 2);

    private final String label;
    private final Function<Ledger, @Nullable Double> value;
    private final double scale;
    private final int decimals;

    LedgerLine(String label, Function<Ledger, @Nullable Double> value, double scale, int decimals) {
        this.label = label;
        this.value = value;
        this.scale = scale;
        this.decimals = decimals;
    }

    String label() {
        return label;
    }

    /** The value in the line's unit, {@code –} where it is not known. */
    String of(Ledger ledger) {
        Double known = value.apply(ledger);
        return known == null ? "–" : Figures.number(known * scale, decimals);
    }
}
