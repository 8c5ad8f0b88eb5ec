package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Event;
import dev.cairn.data.stories.Line;
import dev.cairn.data.stories.Pick;
import dev.cairn.data.stories.Story;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Problems about a story's sentences themselves: the last about somebody, the next one, how often
 * something happened, and whether it did.
 */
final class TaleLines {
    private static final List<String> NUMBERS =
            List.of("never", "once", "twice", "three times", "four times", "five times");

    private final Story story;
    private final SplittableRandom random;
    private final List<Visit> visits = new ArrayList<>();
    private final List<Gift> gifts = new ArrayList<>();

    /** A line in which somebody goes somewhere. */
    private record Visit(String text, String person, String place) {}

    /**
     * A line in which something is given.
     *
     * @param names giver, receiver and thing
     */
    private record Gift(String text, List<String> names) {
        boolean isAlikeBut(int but, Gift other) {
            return IntStream.range(0, names.size())
                    .filter(i -> i != but)
                    .allMatch(i -> names.get(i).equals(other.names.get(i)));
        }
    }

    TaleLines(Story story, SplittableRandom random) {
        this.story = story;
        this.random = random;
        for (Line line : story.lines()) {
            if (line.event() instanceof Event.Move(String person, String place)) {
                visits.add(new Visit(line.text(), person, place));
            } else if (line.event() instanceof Event.Give(String from, String to, String thing)) {
                gifts.add(new Gift(line.text(), List.of(from, to, thing)));
            }
        }
    }

    Problem problem() {
        return switch (random.nextInt(8)) {
            case 0 -> aboutPerson("first", true);
            case 1 -> aboutPerson("last", false);
            case 2 -> next();
            case 3 -> howOften();
            case 4 -> isThere();
            case 5 -> gift();
            case 6 -> load();
            default -> wasThere();
        };
    }

    private Visit any() {
        return Pick.one(visits, random);
    }

    private List<Visit> visitsOf(String person) {
        return visits.stream().filter(visit -> visit.person().equals(person)).toList();
    }

    private Problem aboutPerson(String which, boolean isFirst) {
        String person = any().person();
        List<String> about =
                story.lines().stream()
                        .map(Line::text)
                        .filter(text -> text.matches(".*\\b" + person + "\\b.*"))
                        .toList();
        String answer = isFirst ? about.getFirst() : about.getLast();
        return Problem.of("What is told %s about %s?".formatted(which, person), answer);
    }

    private Problem next() {
        int at = random.nextInt(story.size() - 1);
        String line = story.lines().get(at).text();
        boolean isUnique =
                story.lines().stream().filter(other -> other.text().equals(line)).count() == 1;
        return isUnique
                ? Problem.of(
                        "What comes right after \"%s\"?".formatted(line),
                        story.lines().get(at + 1).text())
                : aboutPerson("last", false);
    }

    private Problem howOften() {
        String person = any().person();
        List<Visit> own = visitsOf(person);
        if (own.size() >= NUMBERS.size()) {
            return isThere();
        }
        return new Problem(
                "How often did %s change places?".formatted(person),
                own.stream().map(Visit::text).toList(),
                List.of(),
                NUMBERS.get(own.size()));
    }

    /** Who gave what to whom, if one of the three is told by the other two. */
    private Problem gift() {
        if (gifts.isEmpty()) {
            return isThere();
        }
        Gift gift = Pick.one(gifts, random);
        int asked = random.nextInt(3);
        String question =
                switch (asked) {
                    case 0 -> "From whom did %2$s get the %3$s?";
                    case 1 -> "Whom did %1$s let have the %3$s?";
                    default -> "What did %2$s get from %1$s?";
                };
        return gifts.stream().filter(other -> gift.isAlikeBut(asked, other)).count() == 1
                ? Problem.lookUp(
                        question.formatted(gift.names().toArray()),
                        gift.text(),
                        gift.names().get(asked))
                : isThere();
    }

    private Problem load() {
        String person = any().person();
        List<String> things =
                story.things().stream()
                        .filter(thing ->
                                story.holder(thing, story.size()).equals(Optional.of(person)))
                        .toList();
        List<String> quotes =
                things.stream()
                        .map(thing -> story.lastTouch(thing, story.size()).orElseThrow().text())
                        .toList();
        return new Problem(
                "What does %s carry at the end?".formatted(person),
                quotes,
                List.of(),
                things.isEmpty() ? "nothing" : String.join(", ", things));
    }

    private Problem isThere() {
        Visit asked = any();
        Visit last = visitsOf(asked.person()).getLast();
        return new Problem(
                "Is %s at the %s?".formatted(asked.person(), asked.place()),
                List.of(last.text()),
                List.of("%s stays at the %s.".formatted(asked.person(), last.place())),
                asked.place().equals(last.place()) ? "yes" : "no");
    }

    private Problem wasThere() {
        String person = any().person();
        String place = any().place();
        List<String> there =
                visitsOf(person).stream()
                        .filter(visit -> visit.place().equals(place))
                        .map(Visit::text)
                        .toList();
        return new Problem(
                "Was %s ever at the %s?".formatted(person, place),
                there,
                List.of(),
                there.isEmpty() ? "no" : "yes");
    }
}
