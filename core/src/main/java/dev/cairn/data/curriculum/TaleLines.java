package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Event;
import dev.cairn.data.stories.Line;
import dev.cairn.data.stories.Pick;
import dev.cairn.data.stories.Story;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Problems about a story's sentences themselves: the last about somebody, the next, the order. */
final class TaleLines {
    private static final List<String> NUMBERS =
            List.of("never", "once", "twice", "three times", "four times", "five times");

    private final Story story;
    private final SplittableRandom random;
    private final List<Line> moves;

    TaleLines(Story story, SplittableRandom random) {
        this.story = story;
        this.random = random;
        moves = story.lines().stream().filter(line -> line.event() instanceof Event.Move).toList();
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

    private Event.Move any() {
        return (Event.Move) Pick.one(moves, random).event();
    }

    private List<Line> movesOf(String person) {
        return moves.stream()
                .filter(line ->
                        line.event() instanceof Event.Move(String who, String _)
                                && who.equals(person))
                .toList();
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
        List<Line> own = movesOf(person);
        if (own.size() >= NUMBERS.size()) {
            return isThere();
        }
        return new Problem(
                "How often did %s change places?".formatted(person),
                own.stream().map(Line::text).toList(),
                List.of(),
                NUMBERS.get(own.size()));
    }

    /** Who gave what to whom, if one of the three is told by the other two. */
    private Problem gift() {
        List<Line> gifts =
                story.lines().stream().filter(line -> line.event() instanceof Event.Give).toList();
        if (gifts.isEmpty()) {
            return isThere();
        }
        Line line = Pick.one(gifts, random);
        List<String> gift = gift(line);
        int asked = random.nextInt(3);
        String question =
                switch (asked) {
                    case 0 -> "From whom did %2$s get the %3$s?";
                    case 1 -> "Whom did %1$s let have the %3$s?";
                    default -> "What did %2$s get from %1$s?";
                };
        long alike = gifts.stream().filter(other -> isAlike(gift(other), gift, asked)).count();
        return alike == 1
                ? Problem.lookUp(question.formatted(gift.toArray()), line.text(), gift.get(asked))
                : isThere();
    }

    /** Giver, receiver and thing. */
    private static List<String> gift(Line line) {
        Event.Give give = (Event.Give) line.event();
        return List.of(give.from(), give.to(), give.thing());
    }

    private static boolean isAlike(List<String> one, List<String> other, int but) {
        return IntStream.range(0, one.size())
                .filter(i -> i != but)
                .allMatch(i -> one.get(i).equals(other.get(i)));
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
        Event.Move asked = any();
        Line last = movesOf(asked.person()).getLast();
        String place = ((Event.Move) last.event()).place();
        return new Problem(
                "Is %s at the %s?".formatted(asked.person(), asked.place()),
                List.of(last.text()),
                List.of("%s stays at the %s.".formatted(asked.person(), place)),
                asked.place().equals(place) ? "yes" : "no");
    }

    private Problem wasThere() {
        String person = any().person();
        String place = any().place();
        List<String> visits =
                movesOf(person).stream()
                        .filter(line -> ((Event.Move) line.event()).place().equals(place))
                        .map(Line::text)
                        .toList();
        return new Problem(
                "Was %s ever at the %s?".formatted(person, place),
                visits,
                List.of(),
                visits.isEmpty() ? "no" : "yes");
    }
}
