package dev.cairn.data.stories;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a story's sentences forwards with regular expressions and keeps the state of its world. It
 * shares nothing with the generator, which never parses text and looks everything up backwards.
 */
public final class StoryReader {
    private static final Pattern MOVE =
            Pattern.compile(
                    "(\\w+) (?:went|walked|ran|moved|hurried|travelled|journeyed|went back|came)"
                            + " to the (\\w+)\\.");
    private static final Pattern TAKE =
            Pattern.compile(
                    "(\\w+) (?:took|picked up|grabbed|got|lifted|fetched) the (\\w+)(?: there)?\\.");
    private static final Pattern DROP =
            Pattern.compile(
                    "(\\w+) (?:put down|dropped|left|set down|discarded) the (\\w+)(?: there)?\\.");
    private static final Pattern GIVE =
            Pattern.compile(
                    "(\\w+) (?:gave|handed|passed|offered|brought) the (\\w+) to (\\w+)\\.");

    /** By person, or by thing under "the …". */
    private final Map<String, List<String>> places = new HashMap<>();

    private final Map<String, String> holders = new HashMap<>();

    public static List<String> sentences(String text) {
        return List.of(text.split("(?<=\\.)\\s+|(?<=\\.\")\\s+(?=[A-Z])"));
    }

    static StoryReader of(List<String> sentences) {
        var reader = new StoryReader();
        sentences.forEach(reader::hear);
        return reader;
    }

    /** Whether {@code sentence} reports an event; impossible events fail. */
    boolean hear(String sentence) {
        Matcher move = MOVE.matcher(sentence);
        Matcher take = TAKE.matcher(sentence);
        Matcher drop = DROP.matcher(sentence);
        Matcher give = GIVE.matcher(sentence);
        if (move.matches()) {
            move(move.group(1), move.group(2));
        } else if (take.matches()) {
            take(take.group(1), take.group(2), sentence);
        } else if (give.matches()) {
            give(give.group(1), give.group(2), give.group(3), sentence);
        } else if (drop.matches()) {
            drop(drop.group(1), drop.group(2), sentence);
        } else {
            return false;
        }
        return true;
    }

    private void move(String person, String place) {
        arrive(person, place);
        holders.forEach((thing, holder) -> {
            if (holder.equals(person)) {
                arrive("the " + thing, place);
            }
        });
    }

    private void take(String person, String thing, String sentence) {
        require(!holders.containsKey(thing), sentence);
        Optional<String> before = last("the " + thing);
        require(before.isEmpty() || before.equals(last(person)), sentence);
        hold(person, thing);
        arrive("the " + thing, last(person).orElseThrow());
    }

    private void give(String from, String thing, String to, String sentence) {
        require(from.equals(holders.get(thing)) && !from.equals(to), sentence);
        require(last(from).equals(last(to)), sentence);
        hold(to, thing);
    }

    private void drop(String person, String thing, String sentence) {
        require(holders.remove(thing, person), sentence);
    }

    private void hold(String person, String thing) {
        holders.put(thing, person);
    }

    private void arrive(String who, String place) {
        List<String> visited = places.computeIfAbsent(who, _ -> new ArrayList<>());
        if (visited.isEmpty() || !visited.getLast().equals(place)) {
            visited.add(place);
        }
    }

    /** Every place {@code who} has been in, in order. */
    private List<String> visited(String who) {
        return places.getOrDefault(who, List.of());
    }

    /** Where {@code who} is now. */
    Optional<String> last(String who) {
        return Optional.ofNullable(places.get(who)).map(List::getLast);
    }

    /** Who is with {@code person}, who must have exactly one companion. */
    String companion(String person) {
        List<String> others =
                places.keySet().stream()
                        .filter(other -> !other.startsWith("the ") && !other.equals(person))
                        .filter(other -> last(other).equals(last(person)))
                        .toList();
        require(others.size() == 1, person + " is with " + others);
        return others.getFirst();
    }

    /** Where {@code who} was before its only stay in {@code place}. */
    String before(String who, String place) {
        List<String> visited = visited(who);
        int at = visited.indexOf(place);
        require(at > 0 && at == visited.lastIndexOf(place), who + " in " + visited);
        return visited.get(at - 1);
    }

    /** The answer to one of the generator's questions; fails unless there is exactly one. */
    String answer(String question) {
        Matcher before =
                Pattern.compile("Where was (the \\w+) before the (\\w+)\\?").matcher(question);
        Matcher where = Pattern.compile("Where is ((?:the )?\\w+)\\?").matcher(question);
        Matcher has = Pattern.compile("Who has the (\\w+)\\?").matcher(question);
        Matcher holder =
                Pattern.compile("Who is with the holder of the (\\w+)\\?").matcher(question);
        Matcher with = Pattern.compile("Who is with (\\w+)\\?").matcher(question);
        if (before.matches()) {
            return before(before.group(1), before.group(2));
        } else if (where.matches()) {
            return last(where.group(1)).orElseThrow();
        } else if (has.matches()) {
            return Optional.ofNullable(holders.get(has.group(1))).orElseThrow();
        } else if (holder.matches()) {
            return companion(Optional.ofNullable(holders.get(holder.group(1))).orElseThrow());
        }
        Matcher deeper =
                Pattern.compile("What does the one with the holder of the (\\w+) have\\?")
                        .matcher(question);
        if (deeper.matches()) {
            return only(companion(Optional.ofNullable(holders.get(deeper.group(1))).orElseThrow()));
        }
        require(with.matches(), question);
        return companion(with.group(1));
    }

    /** What {@code person} has, who must have exactly one thing. */
    private String only(String person) {
        List<String> things =
                holders.keySet().stream()
                        .filter(thing -> person.equals(holders.get(thing)))
                        .toList();
        require(things.size() == 1, person + " has " + things);
        return things.getFirst();
    }

    /**
     * The answer to {@code question} from the facts of a gold text alone. They are in the order in
     * which one looks them up: who had the thing, where they went, where they (or others) were.
     */
    static String answerFromFacts(List<String> facts, String question) {
        if (question.startsWith("What does the one with ")) {
            return thingOfCompany(facts, question);
        }
        Matcher asked = Pattern.compile("(\\w+)(?: before the (\\w+))?\\?").matcher(question);
        require(asked.find(), question);
        boolean aboutThing = question.matches(".* (has|is|was|of) the .*");
        String person = aboutThing ? hand(facts.getFirst(), asked.group(1)) : asked.group(1);
        if (question.startsWith("Who has")) {
            return person;
        }
        List<Matcher> moves = facts.stream().skip(aboutThing ? 1 : 0).map(MOVE::matcher).toList();
        moves.forEach(move -> require(move.matches(), facts.toString()));
        require(moves.getFirst().group(1).equals(person), facts.toString());
        if (question.startsWith("Where is")) {
            return moves.getFirst().group(2);
        }
        if (question.startsWith("Where was")) {
            require(moves.getFirst().group(2).equals(asked.group(2)), facts.toString());
            require(moves.getLast().group(1).equals(person), facts.toString());
            return moves.getLast().group(2);
        }
        require(moves.getLast().group(2).equals(moves.getFirst().group(2)), facts.toString());
        return moves.getLast().group(1);
    }

    private static String thingOfCompany(List<String> facts, String question) {
        String first = question.replaceFirst(".* of the (\\w+) have\\?", "$1");
        String who = "Who is with the holder of the %s?".formatted(first);
        String company = answerFromFacts(facts.subList(0, 3), who);
        for (Pattern pattern : List.of(TAKE, GIVE)) {
            Matcher touch = pattern.matcher(facts.getLast());
            if (touch.matches() && touch.group(pattern == GIVE ? 3 : 1).equals(company)) {
                return touch.group(2);
            }
        }
        throw new AssertionError(facts + " do not say what " + company + " has");
    }

    /** In whose hands {@code thing} is, or was last, according to {@code fact}. */
    private static String hand(String fact, String thing) {
        for (Pattern pattern : List.of(TAKE, DROP, GIVE)) {
            Matcher touch = pattern.matcher(fact);
            if (touch.matches() && touch.group(2).equals(thing)) {
                return pattern == GIVE ? touch.group(3) : touch.group(1);
            }
        }
        throw new AssertionError(fact + " is not about the " + thing);
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("impossible: " + what);
        }
    }
}
