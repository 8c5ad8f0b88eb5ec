package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Event;
import dev.cairn.data.stories.Inquiry;
import dev.cairn.data.stories.Line;
import dev.cairn.data.stories.Pick;
import java.util.List;
import java.util.SplittableRandom;

/** Asks what a story answers, in words that no question set uses. */
final class TaleQuestions {
    private static final List<String> PLACE_OF_PERSON =
            List.of(
                    "In which place is %s now?",
                    "What place did %s reach last?", "Find %s.", "At which place does %s end up?");
    private static final List<String> HOLDER =
            List.of(
                    "Who holds the %s?",
                    "In whose hands is the %s?",
                    "Who carries the %s at the end?",
                    "Name the owner of the %s.");
    private static final List<String> PLACE_OF_THING =
            List.of(
                    "In which place is the %s?",
                    "At which place can one find the %s?",
                    "Find the %s.",
                    "What place did the %s end up at?");
    private static final List<String> COMPANY =
            List.of(
                    "Who shares a place with %s?",
                    "Whom can %s see?", "Who else is at %s's place?", "To whom can %s talk?");
    private static final List<String> COMPANY_OF_HOLDER =
            List.of(
                    "Who shares a place with the owner of the %s?",
                    "Who can see the one that carries the %s?",
                    "Who is near whoever holds the %s?");
    private static final List<String> PLACE_BEFORE =
            List.of(
                    "In which place was the %s just before it came to the %s?",
                    "From which place was the %s carried to the %s?");

    private TaleQuestions() {}

    static Problem of(Inquiry inquiry, SplittableRandom random) {
        String subject = inquiry.subject().replaceFirst("^the ", "");
        List<Line> facts = inquiry.facts();
        String answer = inquiry.answer();
        return switch (inquiry.kind()) {
            case WHERE_PERSON ->
                    problem(inquiry, ask(PLACE_OF_PERSON, random, subject), at(subject, answer));
            case WHO_HAS -> problem(inquiry, ask(HOLDER, random, subject), holds(answer, subject));
            case WHERE_THING -> {
                boolean isHeld = !(facts.getFirst().event() instanceof Event.Drop);
                String person = person(facts.get(1));
                yield problem(
                        inquiry,
                        ask(PLACE_OF_THING, random, subject),
                        isHeld
                                ? holds(person, subject)
                                : "%s parted with the %s.".formatted(person, subject),
                        isHeld ? at(person, answer) : "That was at the %s.".formatted(answer),
                        "The %s lies at the %s.".formatted(subject, answer));
            }
            case WHO_WITH ->
                    problem(
                            inquiry,
                            ask(COMPANY, random, subject),
                            at(subject, place(facts.get(0))),
                            at(answer, place(facts.get(0))));
            case WHO_WITH_THING -> {
                String holder = person(facts.get(1));
                String place = place(facts.get(1));
                yield problem(
                        inquiry,
                        ask(COMPANY_OF_HOLDER, random, subject),
                        holds(holder, subject),
                        at(holder, place),
                        at(answer, place));
            }
            case WHERE_THING_BEFORE -> {
                String person = person(facts.get(1));
                String place = place(facts.get(1));
                yield problem(
                        inquiry,
                        Pick.one(PLACE_BEFORE, random).formatted(subject, place),
                        "%s carried the %s.".formatted(person, subject),
                        "%s came from the %s to the %s.".formatted(person, answer, place));
            }
            case WHAT_HAS_COMPANY ->
                    throw new IllegalArgumentException("tales do not go that deep");
        };
    }

    private static Problem problem(Inquiry inquiry, String question, String... steps) {
        List<String> quotes = inquiry.facts().stream().map(Line::text).toList();
        return new Problem(question, quotes, List.of(steps), inquiry.answer());
    }

    private static String ask(List<String> forms, SplittableRandom random, String subject) {
        return Pick.one(forms, random).formatted(subject);
    }

    private static String at(String person, String place) {
        return "%s stays at the %s.".formatted(person, place);
    }

    private static String holds(String person, String thing) {
        return "%s holds the %s.".formatted(person, thing);
    }

    private static String person(Line move) {
        return move(move).person();
    }

    private static String place(Line move) {
        return move(move).place();
    }

    private static Event.Move move(Line line) {
        if (line.event() instanceof Event.Move move) {
            return move;
        }
        throw new IllegalArgumentException("not a move: " + line.text());
    }
}
