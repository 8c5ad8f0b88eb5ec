package dev.cairn.data;

import java.util.Locale;

/** What a set of generated questions is for. */
public enum Split {
    /** To learn from: stories of 6 to 10 sentences about {@link Words#TRAIN}. */
    TRAIN(Words.TRAIN, 6, 10, 4),
    /** To score on: the same kind of story, but never the same story, whatever the seeds. */
    HELD_OUT(Words.TRAIN, 6, 10, 4),
    /** Stories of 11 to 18 sentences about people, places and things never seen in training. */
    HARDER(Words.HELD_OUT, 11, 18, 5);

    private final Words words;
    private final int minSentences;
    private final int maxSentences;
    private final int mostPeople;

    Split(Words words, int minSentences, int maxSentences, int mostPeople) {
        this.words = words;
        this.minSentences = minSentences;
        this.maxSentences = maxSentences;
        this.mostPeople = mostPeople;
    }

    Words words() {
        return words;
    }

    int minSentences() {
        return minSentences;
    }

    int maxSentences() {
        return maxSentences;
    }

    int mostPeople() {
        return mostPeople;
    }

    /** The split's name in question ids, for example {@code held-out}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
