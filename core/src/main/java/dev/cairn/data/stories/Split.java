package dev.cairn.data.stories;

import java.util.Locale;

/** What a set of generated questions is for. */
public enum Split {
    /** To learn from: stories of 6 to 10 sentences about {@link Words#TRAIN}. */
    TRAIN(0, 6, 10, 4),
    /** To score on: the same kind of story, but never the same story, whatever the seeds. */
    HELD_OUT(1, 6, 10, 4),
    /** Stories of 11 to 18 sentences about people, places and things never seen in training. */
    HARDER(2, 11, 18, 5);

    private final int stream;
    private final int minSentences;
    private final int maxSentences;
    private final int maxPeople;

    Split(int stream, int minSentences, int maxSentences, int maxPeople) {
        this.stream = stream;
        this.minSentences = minSentences;
        this.maxSentences = maxSentences;
        this.maxPeople = maxPeople;
    }

    /** The number of the seed's random stream that makes its stories. */
    int stream() {
        return stream;
    }

    Words words() {
        return switch (this) {
            case TRAIN, HELD_OUT -> Words.TRAIN;
            case HARDER -> Words.HELD_OUT;
        };
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

    /** The split's name on the command line and in question ids, for example {@code held-out}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
