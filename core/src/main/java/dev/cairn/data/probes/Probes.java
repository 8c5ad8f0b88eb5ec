package dev.cairn.data.probes;

import dev.cairn.data.TokenExample;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Generates the probes of a model. The same seed gives the same texts on every machine; tokens are
 * the model's own.
 *
 * @param tokenizer the model's
 * @param window the model's context window, in tokens
 * @param seed decides tokens and words
 */
public record Probes(Tokenizer tokenizer, int window, long seed) {
    /** Separates the seeds of two kinds; no size is as large. */
    private static final long KINDS = 1_000;

    /**
     * The probes of all kinds and sizes, except those that do not fit into the window.
     *
     * @param count examples of each kind and size; a smaller number gives the first of them
     */
    public List<Probe> all(int count) {
        Repeat repeat = Repeat.of(tokenizer);
        return Stream.of(ProbeKind.values())
                .flatMap(
                        kind -> kind.sizes().stream().map(size -> probe(repeat, kind, size, count)))
                .filter(probe -> !probe.examples().isEmpty() && probe.fits(window))
                .toList();
    }

    private Probe probe(Repeat repeat, ProbeKind kind, int size, int count) {
        if (kind == ProbeKind.REPEAT && !repeat.has(size)) {
            return new Probe(kind, size, List.of());
        }
        SplittableRandom random = new SplittableRandom(seed + KINDS * (kind.ordinal() + 1) + size);
        List<TokenExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            examples.add(
                    switch (kind) {
                        case REPEAT -> repeat.example(size, random);
                        case RECALL -> Passage.recall(size, random).example(tokenizer);
                        case LAST_LINE -> Passage.lastLine(size, random).example(tokenizer);
                    });
        }
        return new Probe(kind, size, examples);
    }
}
