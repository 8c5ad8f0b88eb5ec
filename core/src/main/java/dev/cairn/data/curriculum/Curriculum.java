package dev.cairn.data.curriculum;

import dev.cairn.data.Document;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Generated documents for pre-training that can only be continued by copying and looking up: their
 * names, places and things are different in every document. No document uses a word of the
 * training, held-out or harder questions, nor a sentence, question or label of theirs.
 */
public final class Curriculum {
    /** Every kind as often as it weighs. */
    private static final List<Exercise> KINDS =
            Stream.of(Exercise.values())
                    .flatMap(kind -> Collections.nCopies(kind.weight(), kind).stream())
                    .toList();

    private Curriculum() {}

    /** {@code count} documents, in order. The same seed gives the same documents. */
    public static Stream<Document> documents(long seed, int count) {
        var random = new SplittableRandom(seed);
        return Stream.generate(() -> document(random.split())).sequential().limit(count);
    }

    private static Document document(SplittableRandom random) {
        Exercise kind = KINDS.get(random.nextInt(KINDS.size()));
        return write(kind, random);
    }

    static Document write(Exercise kind, SplittableRandom random) {
        return Quiz.any(random).write(kind.draw(random), random);
    }
}
