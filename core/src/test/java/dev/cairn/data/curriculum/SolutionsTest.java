package dev.cairn.data.curriculum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

/** Solves problems from the text alone, with regular expressions, and compares the answers. */
class SolutionsTest {
    /** Finds the answer to a question in a text. */
    private interface Solver {
        @Nullable String solve(String text, String question);
    }

    @Test
    void tables() {
        check(Exercise.TABLE, SolutionsTest::lookUp);
    }

    private static @Nullable String lookUp(String text, String question) {
        Pattern row =
                Pattern.compile(
                        "The \\w+ of (\\w+) is (\\w+)\\.|(\\w+) has the \\w+ (\\w+)\\.|(\\w+), \\w+ (\\w+)|(\\w+)(?:: | = | \\| | -> )(\\w+)");
        Map<String, String> values = new HashMap<>();
        Map<String, String> keys = new HashMap<>();
        for (String line : text.split("\n")) {
            List<String> pair = groups(row, line);
            values.put(pair.get(0), pair.get(1));
            keys.put(pair.get(1), pair.get(0));
        }
        String key =
                first(
                        question,
                        "What is the \\w+ of (\\w+)\\?",
                        "Give the \\w+ of (\\w+)\\.",
                        "(\\w+): which \\w+\\?");
        return key != null
                ? values.get(key)
                : keys.get(
                        first(
                                question,
                                "Which one has the \\w+ (\\w+)\\?",
                                "Whose \\w+ is (\\w+)\\?",
                                "(\\w+) is the \\w+ of\\?"));
    }

    @Test
    void trails() {
        check(Exercise.TRAIL, SolutionsTest::end);
    }

    private static String end(String text, String question) {
        String person =
                first(
                        question,
                        "Where (?:is|was) (\\w+) .*",
                        "Which place of (\\w+) .*",
                        "(\\w+): (?:latest|earliest) place\\?");
        List<String> places =
                Pattern.compile("\\b" + person + "\\W+(?:\\w+ )*(\\w+)")
                        .matcher(text)
                        .results()
                        .map(stop -> stop.group(1))
                        .toList();
        boolean isFirst = question.matches(".*(at first|earliest).*");
        return isFirst ? places.getFirst() : places.getLast();
    }

    @Test
    void lists() {
        check(Exercise.LIST, SolutionsTest::list);
    }

    private static String list(String text, String question) {
        List<String> items =
                Pattern.compile("\\w+")
                        .matcher(text.replaceAll("^List: |\\d+\\. ", ""))
                        .results()
                        .map(MatchResult::group)
                        .toList();
        List<String> ordinals =
                List.of(
                        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
                        "last");
        String ordinal = first(question, "Which is the (\\w+) of them\\?");
        String before = first(question, "What follows (\\w+)\\?");
        String after = first(question, "What stands before (\\w+)\\?");
        String asked = first(question, "Is (\\w+) listed\\?");
        if (ordinal != null) {
            return ordinal.equals("last") ? items.getLast() : items.get(ordinals.indexOf(ordinal));
        } else if (before != null) {
            return items.get(items.indexOf(before) + 1);
        } else if (after != null) {
            return items.get(items.indexOf(after) - 1);
        } else if (asked != null) {
            return items.contains(asked) ? "yes" : "no";
        }
        return switch (question) {
            case "How many are listed?" -> Integer.toString(items.size());
            case "Say them again." -> String.join(", ", items);
            default -> String.join(", ", items.reversed());
        };
    }

    @Test
    void possessions() {
        check(Exercise.POSSESSIONS, SolutionsTest::possession);
    }

    private static String possession(String text, String question) {
        Map<String, List<String>> held = new HashMap<>();
        for (String line : text.split("(?<=\\.) ")) {
            List<String> gain =
                    groups("(\\w+) (?:finds|buys|borrows|receives) the (\\w+)\\.", line);
            List<String> loss = groups("(\\w+) (?:loses|sells|breaks) the (\\w+)\\.", line);
            if (!gain.isEmpty()) {
                held.computeIfAbsent(gain.get(0), p -> new ArrayList<>()).add(gain.get(1));
            } else {
                held.getOrDefault(loss.get(0), List.of()).remove(loss.get(1));
            }
        }
        String person = first(question, ".* does (\\w+) keep\\?");
        List<String> own = held.getOrDefault(person, List.of());
        List<String> numbers =
                List.of("none", "one", "two", "three", "four", "five", "six", "seven", "eight");
        return question.startsWith("How many")
                ? numbers.get(own.size())
                : own.isEmpty() ? "nothing" : String.join(", ", own);
    }

    @Test
    void sums() {
        check(Exercise.SUMS, SolutionsTest::sum);
    }

    private static String sum(String text, String question) {
        List<String> bare = groups("(\\d+) ([+-]) (\\d+)", question);
        if (!bare.isEmpty()) {
            int b = Integer.parseInt(bare.get(2));
            int signed = bare.get(1).equals("+") ? b : -b;
            return Integer.toString(Integer.parseInt(bare.get(0)) + signed);
        }
        String person = first(question, "How many \\w+ does (\\w+) own in the end\\?");
        int sum =
                Pattern.compile(person + " (\\w+) (\\d+)")
                        .matcher(text)
                        .results()
                        .mapToInt(found -> {
                            int n = Integer.parseInt(found.group(2));
                            return found.group(1).equals("spends") ? -n : n;
                        })
                        .sum();
        return Integer.toString(sum);
    }

    @Test
    void ranks() {
        check(Exercise.RANKS, SolutionsTest::rank);
    }

    private static String rank(String text, String question) {
        List<String> up = List.of("older", "taller", "heavier", "faster", "richer", "larger");
        List<String> top =
                List.of("oldest", "tallest", "heaviest", "fastest", "richest", "largest");
        Map<String, String> below = new HashMap<>();
        Pattern.compile("((?:The )?\\w+) is (\\w+) than ((?:the )?\\w+)\\.")
                .matcher(text)
                .results()
                .forEach(is -> {
                    boolean isMore = up.contains(is.group(2));
                    String subject = is.group(1).replaceFirst("^The ", "the ");
                    below.put(isMore ? subject : is.group(3), isMore ? is.group(3) : subject);
                });
        String first =
                below.keySet().stream()
                        .filter(one -> !below.containsValue(one))
                        .findFirst()
                        .orElseThrow();
        var order = new ArrayList<>(List.of(first));
        while (below.containsKey(order.getLast())) {
            order.add(below.get(order.getLast()));
        }
        String superlative = first(question, "Which of them is the (\\w+)\\?");
        if (superlative != null) {
            return top.contains(superlative) ? order.getFirst() : order.getLast();
        }
        List<String> pair = groups("Is ((?:the )?\\w+) \\w+ than ((?:the )?\\w+)\\?", question);
        return order.indexOf(pair.get(0)) < order.indexOf(pair.get(1)) ? "yes" : "no";
    }

    @Test
    void denials() {
        check(Exercise.DENIALS, SolutionsTest::denial);
    }

    private static String denial(String text, String question) {
        String asked = first(question, "At which place is (\\w+)\\?");
        List<String> pair = groups("Is (\\w+) at the (\\w+)\\?", question);
        String person = asked != null ? asked : pair.getFirst();
        List<String> possible = new ArrayList<>();
        List<String> excluded = new ArrayList<>();
        for (String line : text.split("(?<=\\.) ")) {
            if (line.startsWith(person + " ")) {
                boolean denied = line.contains(" is not ") || line.contains(" is no longer ");
                Pattern.compile("at the (\\w+)")
                        .matcher(line)
                        .results()
                        .forEach(at -> (denied ? excluded : possible).add(at.group(1)));
            }
        }
        boolean isKnown = !possible.isEmpty();
        possible.removeAll(excluded);
        if (asked != null) {
            assertThat(possible).hasSize(1);
            return possible.getFirst();
        }
        String place = pair.get(1);
        if (excluded.contains(place) || isKnown && !possible.contains(place)) {
            return "no";
        }
        return possible.equals(List.of(place)) ? "yes" : "maybe";
    }

    @Test
    void quotations() {
        check(Exercise.QUOTATIONS, SolutionsTest::quotation);
    }

    private static @Nullable String quotation(String text, String question) {
        Map<String, String> said = new LinkedHashMap<>();
        Pattern.compile("(\\w+)(?:\\) | says \")(.*?)(?:\"\\.|$)", Pattern.MULTILINE)
                .matcher(text)
                .results()
                .forEach(line -> said.put(line.group(1), line.group(2)));
        String who = first(question, "What does (\\w+) say\\?", "What is line (\\d+)\\?");
        if (who != null) {
            return said.get(who);
        }
        String what = first(question, "Who says \"(.*)\"\\?");
        return said.entrySet().stream()
                .filter(line -> line.getValue().equals(what))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @Test
    void species() {
        check(Exercise.SPECIES, SolutionsTest::species);
    }

    private static String species(String text, String question) {
        String coloured = first(question, "Of what colour is (\\w+)\\?");
        if (coloured != null) {
            return colour(text, coloured);
        }
        String name = first(question, "What does (\\w+) \\w+\\?");
        String kind = find("\\b" + name + " is a (\\w+)\\.", text);
        return find("Every " + kind + " \\w+ the (\\w+)\\.", text);
    }

    private static String colour(String text, String name) {
        String kind = find("\\b" + name + " is a (\\w+)\\.", text);
        return Pattern.compile("(\\w+) is a " + kind + "\\.")
                .matcher(text)
                .results()
                .map(is -> Pattern.compile("\\b" + is.group(1) + " is (\\w+)\\."))
                .flatMap(is -> is.matcher(text).results())
                .map(is -> is.group(1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void directions() {
        check(Exercise.DIRECTIONS, SolutionsTest::direction);
    }

    private static String direction(String text, String question) {
        Map<String, String> back =
                Map.of(
                        "north", "south", "south", "north", "east", "west", "west", "east", "left",
                        "right", "right", "left");
        List<String> path = groups("Which way leads from the (\\w+) to the (\\w+)\\?", question);
        if (!path.isEmpty()) {
            return path(text, path.get(0), path.get(1));
        }
        List<String> claim = groups("Does the (\\w+) lie (\\w+) of the (\\w+)\\?", question);
        if (!claim.isEmpty()) {
            String way = back.get(claim.get(1));
            String told = "The %s lies %s of the %s.".formatted(claim.get(2), way, claim.get(0));
            return text.contains(told) ? "yes" : "no";
        }
        List<String> asked = groups("Which place lies (\\w+) of the (\\w+)\\?", question);
        String ahead = "The (\\w+) lies %s of the %s\\.".formatted(asked.get(0), asked.get(1));
        String reverse =
                "The %s lies %s of the (\\w+)\\.".formatted(asked.get(1), back.get(asked.get(0)));
        List<String> found =
                Stream.of(ahead, reverse)
                        .flatMap(p -> Pattern.compile(p).matcher(text).results())
                        .map(match -> match.group(1))
                        .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    /** Two steps, each to a place that lies somewhere of the one before. */
    private static String path(String text, String from, String to) {
        Pattern step = Pattern.compile("The (\\w+) lies (\\w+) of the (\\w+)\\.");
        for (MatchResult one : step.matcher(text).results().toList()) {
            for (MatchResult two : step.matcher(text).results().toList()) {
                if (one.group(3).equals(from)
                        && two.group(3).equals(one.group(1))
                        && two.group(1).equals(to)) {
                    return one.group(2) + ", " + two.group(2);
                }
            }
        }
        throw new AssertionFailedError("no way from " + from + " to " + to + " in " + text);
    }

    @Test
    void times() {
        check(Exercise.TIMES, SolutionsTest::time);
    }

    private static String time(String text, String question) {
        List<String> order =
                List.of(
                        "Two days ago",
                        "Yesterday at dawn",
                        "Yesterday at noon",
                        "Last night",
                        "Early today",
                        "At noon today",
                        "An hour ago");
        List<String> when = groups("When did (\\w+) visit the (\\w+)\\?", question);
        List<String> next =
                groups("Which place did (\\w+) visit right (\\w+) the (\\w+)\\?", question);
        String person = when.isEmpty() ? next.get(0) : when.get(0);
        Map<Integer, String> places = new TreeMap<>();
        for (String line : text.split("(?<=\\.) ")) {
            List<String> visit = groups("(.*) " + person + " visited the (\\w+)\\.", line);
            if (!visit.isEmpty()) {
                places.put(order.indexOf(visit.get(0)), visit.get(1));
            }
        }
        List<String> visited = List.copyOf(places.values());
        if (!when.isEmpty()) {
            return order.get(List.copyOf(places.keySet()).get(visited.indexOf(when.get(1))));
        }
        return visited.get(visited.indexOf(next.get(2)) + (next.get(1).equals("before") ? -1 : 1));
    }

    @Test
    void echoes() {
        assertThat(CurriculumTest.sheets(Exercise.ECHO))
                .allSatisfy(sheet -> {
                    String text = sheet.text() + "\n" + sheet.again() + "\n";
                    assertThat(Stream.of(2, 3, 4).filter(n -> isRepeated(text, n))).isNotEmpty();
                });
    }

    private static boolean isRepeated(String text, int times) {
        int length = text.length() / times;
        return text.length() % times == 0 && text.substring(0, length).repeat(times).equals(text);
    }

    private static void check(Exercise kind, Solver solver) {
        assertThat(CurriculumTest.sheets(kind))
                .allSatisfy(sheet -> {
                    assertThat(sheet.problems()).isNotEmpty();
                    for (Problem problem : sheet.problems()) {
                        assertThat(solver.solve(sheet.text(), problem.question()))
                                .as("%s%n%s", sheet.text(), problem)
                                .isEqualTo(problem.answer());
                    }
                });
    }

    /** The group of the first pattern that matches. */
    private static @Nullable String first(String text, String... patterns) {
        return Arrays.stream(patterns)
                .map(pattern -> groups(pattern, text))
                .filter(found -> !found.isEmpty())
                .map(List::getFirst)
                .findFirst()
                .orElse(null);
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionFailedError(pattern + " is not in " + text);
        }
        return matcher.group(1);
    }

    private static List<String> groups(String pattern, String text) {
        return groups(Pattern.compile(pattern), text);
    }

    private static List<String> groups(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        var groups = new ArrayList<String>();
        for (int i = 1; matcher.matches() && i <= matcher.groupCount(); i++) {
            if (matcher.group(i) != null) {
                groups.add(matcher.group(i));
            }
        }
        return groups;
    }
}
