package dev.cairn.data.curriculum;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Keeps the state of a tale's world sentence by sentence; shares nothing with the generator. */
final class TaleReader {
    private static final Pattern MOVE =
            Pattern.compile(
                    "(?:The way led )?(\\w+) (?:(?:hurried|travelled|journeyed|went back|came|rode|was sent|drove) to|headed for|made for|entered|stepped into|reached|set off and arrived at|to) the (\\w+)\\.");
    private static final Pattern TAKE =
            Pattern.compile(
                    "(\\w+) (?:lifted|fetched|got|found|pocketed|chose|carried off|seized|collected|gathered up) the (\\w+)(?: there| and kept it)?\\.");
    private static final Pattern TAKEN =
            Pattern.compile("The (\\w+) was (?:taken|collected) by (\\w+)\\.");
    private static final Pattern DROP =
            Pattern.compile(
                    "(\\w+) (?:set down|discarded|left|let go of|laid|forgot|threw away) the (\\w+)(?: there| on the ground)?\\.");
    private static final Pattern DROPPED =
            Pattern.compile("The (\\w+) was left behind by (\\w+)\\.");
    private static final Pattern GIVE =
            Pattern.compile("(\\w+) (?:offered|brought|lent|threw) the (\\w+) to (\\w+)\\.");
    private static final Pattern GIVE_TO =
            Pattern.compile("(\\w+) (?:gave|handed|let) (\\w+) (?:have )?the (\\w+)\\.");
    private static final Pattern RECEIVE =
            Pattern.compile(
                    "(\\w+) (?:received the (\\w+) from|was given the (\\w+) by) (\\w+)\\.");

    private final List<String> sentences;
    private final Map<String, List<String>> places = new LinkedHashMap<>();
    private final Map<String, List<String>> placesOf = new LinkedHashMap<>();
    private final List<List<String>> gifts = new ArrayList<>();
    private final Map<String, String> holders = new HashMap<>();

    TaleReader(String text) {
        sentences = List.of(text.split("(?<=\\.)\\s+"));
        for (String sentence : sentences) {
            hear(
                    sentence.replaceFirst(
                            "^(Then|After that|Soon|Later|At noon|In the evening|Next) ", ""));
        }
    }

    private void hear(String sentence) {
        Matcher move = MOVE.matcher(sentence);
        Matcher take = TAKE.matcher(sentence);
        Matcher taken = TAKEN.matcher(sentence);
        Matcher drop = DROP.matcher(sentence);
        Matcher dropped = DROPPED.matcher(sentence);
        Matcher give = GIVE.matcher(sentence);
        Matcher giveTo = GIVE_TO.matcher(sentence);
        Matcher receive = RECEIVE.matcher(sentence);
        if (move.matches()) {
            places.computeIfAbsent(move.group(1), p -> new ArrayList<>()).add(move.group(2));
        } else if (take.matches()) {
            holders.put(take.group(2), take.group(1));
        } else if (taken.matches()) {
            holders.put(taken.group(1), taken.group(2));
        } else if (drop.matches()) {
            drop(drop.group(1), drop.group(2));
        } else if (dropped.matches()) {
            drop(dropped.group(2), dropped.group(1));
        } else if (give.matches()) {
            give(give.group(1), give.group(3), give.group(2));
        } else if (giveTo.matches()) {
            give(giveTo.group(1), giveTo.group(2), giveTo.group(3));
        } else if (receive.matches()) {
            String thing = receive.group(2) != null ? receive.group(2) : receive.group(3);
            give(receive.group(4), receive.group(1), thing);
        }
        holders.forEach((thing, person) -> note(thing, places(person).getLast()));
    }

    private void drop(String person, String thing) {
        if (!person.equals(holders.remove(thing))) {
            throw new AssertionError(person + " does not hold the " + thing);
        }
    }

    private void note(String thing, String place) {
        List<String> visited = placesOf.computeIfAbsent(thing, t -> new ArrayList<>());
        if (visited.isEmpty() || !visited.getLast().equals(place)) {
            visited.add(place);
        }
    }

    List<String> sentences() {
        return sentences;
    }

    /** Where a person went, in order. */
    List<String> places(String person) {
        return places.getOrDefault(person, List.of());
    }

    /** Where a thing was, in order. */
    List<String> placesOf(String thing) {
        return placesOf.getOrDefault(thing, List.of());
    }

    String holder(String thing) {
        return Objects.requireNonNull(holders.get(thing), thing);
    }

    /** The only other person at somebody's place. */
    String company(String person) {
        List<String> others =
                places.keySet().stream()
                        .filter(other -> !other.equals(person))
                        .filter(other -> places(other).getLast().equals(places(person).getLast()))
                        .toList();
        if (others.size() != 1) {
            throw new AssertionError(person + " is with " + others);
        }
        return others.getFirst();
    }

    /** What somebody holds, in the order in which the tale first names it. */
    List<String> load(String person) {
        return placesOf.keySet().stream().filter(t -> person.equals(holders.get(t))).toList();
    }

    /** The third of giver, receiver and thing; fails if the tale knows several. */
    String gift(String question) {
        Matcher from = Pattern.compile("From whom did (\\w+) get the (\\w+)\\?").matcher(question);
        Matcher to = Pattern.compile("Whom did (\\w+) let have the (\\w+)\\?").matcher(question);
        Matcher what = Pattern.compile("What did (\\w+) get from (\\w+)\\?").matcher(question);
        if (from.matches()) {
            return only(0, null, from.group(1), from.group(2));
        } else if (to.matches()) {
            return only(1, to.group(1), null, to.group(2));
        } else if (what.matches()) {
            return only(2, what.group(2), what.group(1), null);
        }
        throw new AssertionError(question);
    }

    private String only(
            int asked, @Nullable String from, @Nullable String to, @Nullable String thing) {
        List<String> found =
                gifts.stream()
                        .filter(gift -> from == null || gift.get(0).equals(from))
                        .filter(gift -> to == null || gift.get(1).equals(to))
                        .filter(gift -> thing == null || gift.get(2).equals(thing))
                        .map(gift -> gift.get(asked))
                        .toList();
        if (found.size() != 1) {
            throw new AssertionError("several answers: " + found);
        }
        return found.getFirst();
    }

    private void give(String from, String to, String thing) {
        gifts.add(List.of(from, to, thing));
        holders.put(thing, to);
    }

    /** The sentences that name a person. */
    List<String> about(String person) {
        return sentences.stream().filter(s -> s.matches(".*\\b" + person + "\\b.*")).toList();
    }
}
