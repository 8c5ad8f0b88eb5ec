package dev.cairn.stack.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    @Test
    void findsAStopStringSpreadOverPieces() {
        StopStrings stops = StopStrings.of(List.of("\n\nQ:"));
        assertThat(stops.push("42.\n")).isEqualTo("42.");
        assertThat(stops.push("\n")).isEmpty();
        assertThat(stops.push("Q")).isEmpty();
        assertThat(stops.matched()).isFalse();
        assertThat(stops.push(": more")).isEmpty();
        assertThat(stops.matched()).isTrue();
        assertThat(stops.push("and more")).isEmpty();
        assertThat(stops.flush()).isEmpty();
    }

    @Test
    void passesOnWhatTurnsOutToBeNoStopString() {
        StopStrings stops = StopStrings.of(List.of("\n\nQ:"));
        assertThat(stops.push("a\n\n")).isEqualTo("a");
        assertThat(stops.push("\nb")).isEqualTo("\n\n\nb");
        assertThat(stops.push("\n")).isEmpty();
        assertThat(stops.flush()).isEqualTo("\n");
        assertThat(stops.matched()).isFalse();
    }

    @Test
    void withoutStopStringsEverythingPassesAtOnce() {
        StopStrings stops = StopStrings.of(List.of());
        assertThat(stops.push("anything")).isEqualTo("anything");
        assertThat(stops.flush()).isEmpty();
    }

    @Test
    void anEmptyStopStringIsRefused() {
        assertThatThrownBy(() -> StopStrings.of(List.of("a", "")))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("empty stop string");
    }

    @Test
    void aStopStringMayContainWholeSpecialTokensButNoPartOfOne() {
        assertThat(afterSpecial("a", "|x|")).isEqualTo("ab");
        assertThat(afterSpecial("a", "x|>b")).isEqualTo("ab");
        assertThat(afterSpecial("a", "<|x|>")).isEqualTo("a");
        assertThat(afterSpecial("a", "a<|x|>")).isEmpty();
        assertThat(afterSpecial("a", "<|x|>b")).isEqualTo("a");
        assertThat(afterSpecial("a", "a<|x|>b")).isEmpty();
        assertThat(afterSpecial("a", "<|x|>", "a<|x|>")).isEmpty();
        assertThat(afterSpecial("a<|x", "<|x|>")).isEqualTo("a<|x");
        assertThat(afterSpecial("", "<|x|><|x|>")).isEqualTo("b");
    }

    @Test
    void specialTokensDoNotHideAStopStringInWhatIsSeen() {
        assertThat(afterSpecial("a", "ab")).isEmpty();
        assertThat(afterSpecial("xa", "ab", "abc")).isEqualTo("x");
        assertThat(afterSpecial("a", "ac")).isEqualTo("ab");
    }

    /** What is passed on of some text, the special token {@code <|x|>}, and a {@code b}. */
    private static String afterSpecial(String before, String... stops) {
        StopStrings watcher = StopStrings.of(List.of(stops));
        return watcher.push(before)
                + watcher.pushSpecial("<|x|>")
                + watcher.push("b")
                + watcher.flush();
    }

    @Test
    void aStopStringMayBePartOfTheText() {
        StopStrings included = StopStrings.of(List.of("END", "<|x|>"), true);
        assertThat(included.push("aEN") + included.push("D more")).isEqualTo("aEND");
        StopStrings special = StopStrings.of(List.of("END", "<|x|>"), true);
        assertThat(special.push("aE") + special.pushSpecial("<|x|>")).isEqualTo("aE<|x|>");
        assertThat(special.matched()).isTrue();
    }

    @Test
    void agreesWithASearchOfTheWholeTextHoweverItIsCut() {
        SplittableRandom random = new SplittableRandom(2024);
        int matches = 0;
        for (int i = 0; i < 5000; i++) {
            List<String> stops = new ArrayList<>();
            for (int n = random.nextInt(4); n > 0; n--) {
                stops.add(letters(random, 1 + random.nextInt(4)));
            }
            String text = letters(random, random.nextInt(20));
            StopStrings watcher = StopStrings.of(stops);
            String passed = pushInPieces(watcher, text, stops, random);
            int end = firstEnd(text, stops);
            assertThat(watcher.matched()).isEqualTo(end >= 0);
            assertThat(passed).as("%s %s", text, stops).isEqualTo(cut(text, stops, end));
            matches += end >= 0 ? 1 : 0;
        }
        assertThat(matches).isBetween(1000, 4500);
    }

    /** Also checks that nothing is held back without need. */
    private static String pushInPieces(
            StopStrings watcher, String text, List<String> stops, SplittableRandom random) {
        StringBuilder passed = new StringBuilder();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + random.nextInt(5));
            passed.append(watcher.push(text.substring(from, to)));
            if (!watcher.matched()) {
                String held = text.substring(passed.length(), to);
                assertThat(held.isEmpty() || stops.stream().anyMatch(s -> s.startsWith(held)))
                        .as("holds back %s", held)
                        .isTrue();
            }
            from = to;
        }
        return passed.append(watcher.flush()).toString();
    }

    /** Where the stop string that is complete first ends, or -1. */
    private static int firstEnd(String text, List<String> stops) {
        return stops.stream()
                .filter(text::contains)
                .mapToInt(stop -> text.indexOf(stop) + stop.length())
                .min()
                .orElse(-1);
    }

    private static String cut(String text, List<String> stops, int end) {
        if (end < 0) {
            return text;
        }
        String read = text.substring(0, end);
        int longest =
                stops.stream().filter(read::endsWith).mapToInt(String::length).max().orElseThrow();
        return read.substring(0, end - longest);
    }

    private static String letters(SplittableRandom random, int length) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < length; i++) {
            letters.append((char) ('a' + random.nextInt(3)));
        }
        return letters.toString();
    }
}
