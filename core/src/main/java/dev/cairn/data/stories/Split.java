package dev.cairn.data.stories;

import java.util.List;
import java.util.Locale;

/** What a set of generated questions is for. */
public enum Split {
    /** To learn from: stories of 6 to 10 sentences about {@link Words#TRAIN}. */
    TRAIN(0, 6, 10, 4, 2),
    /** To score on: the same kind of story, but never the same story, whatever the seeds. */
    HELD_OUT(1, 6, 10, 4, 2),
    /** Stories of 11 to 18 sentences about people, places and things never seen in training. */
    HARDER(2, 11, 18, 5, 2),
    /** Stories as short as in training, about people, places and things never seen there. */
    UNSEEN(3, 6, 10, 4, 2),
    /**
     * The same words, in stories of 8 to 14 sentences with four things or more, and questions that
     * take one step more than any in training.
     */
    DEEPER(4, 8, 14, 4, 4);

    private final int stream;
    private final int minSentences;
    private final int maxSentences;
    private final int maxPeople;
    private final int minThings;

    Split(int stream, int minSentences, int maxSentences, int maxPeople, int minThings) {
        this.stream = stream;
        this.minSentences = minSentences;
        this.maxSentences = maxSentences;
        this.maxPeople = maxPeople;
        this.minThings = minThings;
    }

    /** The number of the seed's random stream that makes its stories. */
    int stream() {
        return stream;
    }

    Words words() {
        return switch (this) {
            case TRAIN, HELD_OUT -> Words.TRAIN;
            case UNSEEN, HARDER, DEEPER -> Words.HELD_OUT;
        };
    }

    List<Kind> kinds() {
        return this == DEEPER ? List.of(Kind.WHAT_HAS_COMPANY) : Kind.TRAINED;
    }

    int minSentences() {
        return minSentences;
    }

    int maxSentences() {
        return maxSentences;
    }

    int maxPeople() {
        return maxPeople;
    }

    /** The least number of things there are; there may be one more. */
    int minThings() {
        return minThings;
    }

    /** The split's name on the command line and in question ids, for example {@code held-out}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
