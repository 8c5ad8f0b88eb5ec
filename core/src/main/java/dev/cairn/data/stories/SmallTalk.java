package dev.cairn.data.stories;

import java.util.List;
import java.util.SplittableRandom;

/** Sentences that change nothing: weather and moods. */
final class SmallTalk {
    private static final List<String> WEATHER =
            List.of(
                    "It was a sunny day.",
                    "It began to rain.",
                    "The wind was cold.",
                    "It was getting late.",
                    "The sun was shining.",
                    "Snow was falling.",
                    "It was very quiet.",
                    "A dog barked far away.");
    private static final List<String> MOODS =
            List.of(
                    "%s was hungry.",
                    "%s was tired.",
                    "%s was happy.",
                    "%s felt a little sad.",
                    "%s was in a good mood.",
                    "%s smiled.",
                    "%s sang a song.",
                    "%s was thinking of home.");
    private final SplittableRandom random;

    SmallTalk(SplittableRandom random) {
        this.random = random;
    }

    /** Weather, or a mood of {@code person}: one short clause. */
    String distraction(String person) {
        return random.nextBoolean()
                ? Pick.one(WEATHER, random)
                : Pick.one(MOODS, random).formatted(person);
    }
}
