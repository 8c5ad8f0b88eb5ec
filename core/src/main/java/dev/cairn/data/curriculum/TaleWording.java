package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Event;
import dev.cairn.data.stories.Pick;
import dev.cairn.data.stories.Wording;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What happens in a tale, in words that no question's story uses. A tale keeps to a few of them, as
 * a narrator does.
 */
final class TaleWording {
    private static final Wording ALL =
            new Wording(
                    List.of(
                            "%s hurried to the %s.",
                            "%s travelled to the %s.",
                            "%s journeyed to the %s.",
                            "%s went back to the %s.",
                            "%s came to the %s.",
                            "%s headed for the %s.",
                            "%s made for the %s.",
                            "%s entered the %s.",
                            "%s rode to the %s.",
                            "%s stepped into the %s.",
                            "%s was sent to the %s.",
                            "%s reached the %s.",
                            "%s drove to the %s.",
                            "%s set off and arrived at the %s.",
                            "The way led %s to the %s."),
                    List.of(
                            "%s lifted the %s.",
                            "%s fetched the %s.",
                            "%s got the %s there.",
                            "%s found the %s and kept it.",
                            "%s pocketed the %s.",
                            "%s chose the %s.",
                            "%s carried off the %s.",
                            "%s seized the %s.",
                            "%s collected the %s.",
                            "%s gathered up the %s.",
                            "The %2$s was taken by %1$s.",
                            "The %2$s was collected by %1$s."),
                    List.of(
                            "%s set down the %s.",
                            "%s discarded the %s.",
                            "%s left the %s there.",
                            "%s let go of the %s.",
                            "%s laid the %s on the ground.",
                            "%s forgot the %s.",
                            "%s threw away the %s.",
                            "The %2$s was left behind by %1$s."),
                    List.of(
                            "%s offered the %s to %s.",
                            "%s brought the %s to %s.",
                            "%1$s gave %3$s the %2$s.",
                            "%1$s handed %3$s the %2$s.",
                            "%s lent the %s to %s.",
                            "%s threw the %s to %s.",
                            "%3$s received the %2$s from %1$s.",
                            "%3$s was given the %2$s by %1$s.",
                            "%1$s let %3$s have the %2$s."));
    private static final List<String> OPENERS =
            List.of("Then", "After that", "Soon", "Later", "At noon", "In the evening", "Next");
    private static final List<String> REMARKS =
            List.of(
                    "The clouds were grey.",
                    "A bell rang.",
                    "Nobody said a word.",
                    "Birds were singing.",
                    "%s yawned.",
                    "%s was bored.",
                    "%s hummed a tune.",
                    "%s was thirsty.",
                    "%s counted to ten.",
                    "\"What a lovely day,\" said %s.",
                    "\"I will be back soon,\" said %s.",
                    "%s told a long story about the sea.");

    private final SplittableRandom random;
    private final Wording wording;
    private final boolean hasOpeners;

    TaleWording(SplittableRandom random) {
        this.random = random;
        wording =
                new Wording(
                        some(ALL.moves()), some(ALL.takes()), some(ALL.drops()), some(ALL.gives()));
        hasOpeners = random.nextInt(3) == 0;
    }

    private List<String> some(List<String> wordings) {
        return Pick.some(wordings, random.nextInt(1, 5), random);
    }

    String say(Event event) {
        String text = wording.say(event, random);
        if (hasOpeners && random.nextInt(3) == 0 && !text.startsWith("The ")) {
            return Pick.one(OPENERS, random) + " " + text;
        }
        return text;
    }

    String remark(String person) {
        return Pick.one(REMARKS, random).formatted(person);
    }
}
