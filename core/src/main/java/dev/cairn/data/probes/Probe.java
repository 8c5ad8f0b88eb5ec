package dev.cairn.data.probes;

import dev.cairn.data.TokenExample;
import java.util.List;

/**
 * A probe of one kind and size.
 *
 * @param examples the texts; the targets of each are the tokens that follow from those before them
 */
public record Probe(ProbeKind kind, int size, List<TokenExample> examples) {
    public Probe {
        examples = List.copyOf(examples);
    }

    /** Whether a model can read all examples; what it reads ends before the last token. */
    boolean fits(int window) {
        return examples.stream().allMatch(example -> example.ids().length - 1 <= window);
    }
}
