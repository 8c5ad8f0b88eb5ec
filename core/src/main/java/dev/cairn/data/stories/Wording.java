package dev.cairn.data.stories;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The ways to say each event, as format strings of one past-tense sentence.
 *
 * @param moves person, place
 * @param takes person, thing
 * @param drops person, thing
 * @param gives giver, thing, receiver
 */
public record Wording(
        List<String> moves, List<String> takes, List<String> drops, List<String> gives) {
    /** The wording of the stories that questions are about. */
    static final Wording PLAIN =
            new Wording(
                    List.of(
                            "%s went to the %s.",
                            "%s walked to the %s.", "%s ran to the %s.", "%s moved to the %s."),
                    List.of(
                            "%s took the %s.",
                            "%s picked up the %s.", "%s grabbed the %s.", "%s got the %s."),
                    List.of("%s put down the %s.", "%s dropped the %s.", "%s left the %s."),
                    List.of(
                            "%s gave the %s to %s.",
                            "%s handed the %s to %s.", "%s passed the %s to %s."));

    public String say(Event event, SplittableRandom random) {
        return switch (event) {
            case Event.Move(String person, String place) ->
                    Pick.one(moves, random).formatted(person, place);
            case Event.Take(String person, String thing) ->
                    Pick.one(takes, random).formatted(person, thing);
            case Event.Drop(String person, String thing) ->
                    Pick.one(drops, random).formatted(person, thing);
            case Event.Give(String from, String to, String thing) ->
                    Pick.one(gives, random).formatted(from, thing, to);
        };
    }
}
