package dev.cairn.data.stories;

import java.util.List;
import java.util.SplittableRandom;

/** Sentences that change nothing: weather, moods and things people say. */
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
    private static final List<String> SPEECH =
            List.of(
                    "\"What a lovely day,\" said %s.",
                    "\"I am so tired,\" said %s.",
                    "\"I will be back soon,\" said %s.",
                    "\"We have a lot to do today,\" %s said.",
                    "\"Good morning,\" said %s with a smile.",
                    "\"Please be careful,\" %s said.",
                    "%s said that it was time to go.",
                    "%s wanted to tell somebody a secret.",
                    "%s had slept badly and was in no mood to talk.",
                    "%s laughed and said, \"That was fun.\"");
    private static final List<String> ONWARDS =
            List.of(
                    "Then the day went on.",
                    "After that, more things happened.",
                    "A little later the story went on.",
                    "Soon there was more to tell.");

    private final SplittableRandom random;

    SmallTalk(SplittableRandom random) {
        this.random = random;
    }

    /** Weather, or what {@code person} feels or says. */
    String about(String person) {
        return random.nextInt(3) == 0
                ? Pick.one(SPEECH, random).formatted(person)
                : distraction(person);
    }

    /** Weather, or a mood of {@code person}: one short clause. */
    String distraction(String person) {
        return random.nextBoolean()
                ? Pick.one(WEATHER, random)
                : Pick.one(MOODS, random).formatted(person);
    }

    /** A bridge from a recap back to the story. */
    String onwards() {
        return Pick.one(ONWARDS, random);
    }
}
