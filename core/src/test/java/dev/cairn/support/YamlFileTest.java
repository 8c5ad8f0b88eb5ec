package dev.cairn.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class YamlFileTest {
    private enum Heat {
        LOW,
        HIGH
    }

    private record Dish(
            String dishName,
            int servings,
            @Nullable Double weight,
            boolean isHot,
            @Nullable Heat heat,
            List<Part> parts,
            @Nullable Part garnish,
            @Nullable List<String> tags,
            @Nullable Long seed) {}

    private record Part(String what, int grams) {
        Part {
            if (grams < 1) {
                throw new CairnException("grams: expected at least 1, found " + grams);
            }
        }
    }

    private static final String GOOD =
            """
            dish_name: soup
            servings: 2
            is_hot: true
            parts:
              - {what: leek, grams: 300}
            """;

    @TempDir Path directory;

    @Test
    void readsARecordAndWhatIsLeftOutIsNull() {
        Dish dish = read("\uFEFF# with a byte order mark\n" + GOOD + "heat: High\nseed: -3\n");
        assertThat(dish)
                .isEqualTo(
                        new Dish(
                                "soup",
                                2,
                                null,
                                true,
                                Heat.HIGH,
                                List.of(new Part("leek", 300)),
                                null,
                                null,
                                -3L));
    }

    @Test
    void wholeNumbersCountAsNumbersAndLinesMayEndAsOnWindows() {
        assertThat(read((GOOD + "weight: 3\n").replace("\n", "\r\n")).weight()).isEqualTo(3.0);
    }

    private static final List<Arguments> WRONG_KEYS =
            List.of(
                    added(
                            "sevings: 1",
                            "sevings: unknown key; did you mean servings? known here: dish_name,"
                                    + " servings, weight, is_hot, heat, parts, garnish, tags, seed"),
                    added(
                            "dishName: x",
                            "dishName: unknown key; did you mean dish_name? known here: dish_name,"
                                    + " servings, weight, is_hot, heat, parts, garnish, tags, seed"),
                    added(
                            "garnish: {what: dill, <<: 1}",
                            "garnish.<<: unknown key; known here: what, grams"),
                    added(
                            "garnish: {what: dill, gram: 1}",
                            "garnish.gram: unknown key; did you mean grams? known here: what, grams"),
                    changed(
                            "grams: 300",
                            "garms: 300",
                            "parts[0].garms: unknown key; did you mean grams? known here: what,"
                                    + " grams"),
                    added(
                            "\"a\\nb\": 1",
                            "a?b: unknown key; known here: dish_name, servings, weight, is_hot,"
                                    + " heat, parts, garnish, tags, seed"),
                    added("garnish: {what: dill, ? : 1}", "garnish.'': unknown key; known here:"),
                    changed("dish_name: soup\n", "", "dish_name: missing; expected a string"),
                    changed("is_hot: true\n", "", "is_hot: missing; expected true or false"),
                    changed(", grams: 300", "", "parts[0].grams: missing; expected a whole number"),
                    added("garnish: {}", "garnish.what: missing; expected a string"));

    private static final List<Arguments> WRONG_VALUES =
            List.of(
                    changed("2", "two", "servings: expected a whole number, found \"two\""),
                    changed("2", "\"2\"", "servings: expected a whole number, found \"2\""),
                    changed("2", "2.5", "servings: expected a whole number, found 2.5"),
                    changed("2", "2.0", "servings: expected a whole number, found 2.0"),
                    changed("2", "[2]", "servings: expected a whole number, found [2]"),
                    changed("2", "", "servings: expected a whole number, found nothing"),
                    changed(
                            "2",
                            "99999999999",
                            "servings: expected a whole number from -2147483648 to 2147483647,"
                                    + " found 99999999999"),
                    added(
                            "seed: 99999999999999999999",
                            "seed: expected a whole number from -9223372036854775808 to"
                                    + " 9223372036854775807, found 99999999999999999999"),
                    added("weight: much", "weight: expected a number, found \"much\""),
                    added("weight: true", "weight: expected a number, found true"),
                    changed("soup", "5", "dish_name: expected a quoted string, found 5"),
                    changed("soup", "1.10", "dish_name: expected a quoted string, found 1.1"),
                    changed("soup", "true", "dish_name: expected a quoted string, found true"),
                    changed("soup", "{a: b}", "dish_name: expected a quoted string, found {\"a\":"),
                    changed("soup", "[a]", "dish_name: expected a quoted string, found [\"a\"]"),
                    changed("soup", "", "dish_name: expected a string, found nothing"),
                    changed("true", "1", "is_hot: expected true or false, found 1"),
                    changed("true", "yes", "is_hot: expected true or false, found \"yes\""),
                    added("heat: hot", "heat: expected low or high, found \"hot\""),
                    added("heat: 1", "heat: expected low or high, found 1"),
                    added("tags: a", "tags: expected a list, found \"a\""),
                    added("tags: {a: b}", "tags: expected a list, found {\"a\":\"b\"}"),
                    added("tags: [a, 1]", "tags[1]: expected a quoted string, found 1"),
                    added("tags: [a, null]", "tags[1]: expected a string, found nothing"),
                    added("garnish: dill", "garnish: expected keys and values, found \"dill\""),
                    added("garnish: \"\"", "garnish: expected keys and values, found \"\""),
                    added("garnish: [dill]", "garnish: expected keys and values, found [\"dill\"]"),
                    changed(
                            "{what: leek, grams: 300}",
                            "leek",
                            "parts[0]: expected keys and values, found \"leek\""),
                    changed(
                            "{what: leek, grams: 300}",
                            "",
                            "parts[0]: expected keys and values, found nothing"),
                    changed("300", "0", "parts[0].grams: expected at least 1, found 0"),
                    changed("300", "many", "parts[0].grams: expected a whole number, found"),
                    added(
                            "tags: \"" + "x".repeat(5000) + "\"",
                            "tags: expected a list, found \"xxx"));

    @ParameterizedTest
    @FieldSource({"WRONG_KEYS", "WRONG_VALUES"})
    void aWrongKeyOrValueIsOneLineThatNamesFileAndKey(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file() + ": " + message)
                .satisfies(YamlFileTest::isOneShortLine);
    }

    private static final List<Arguments> NO_KEYS =
            List.of(
                    Arguments.of("", "expected keys and values, found nothing"),
                    Arguments.of("# only a comment\n", "expected keys and values, found nothing"),
                    Arguments.of("---\n", "expected keys and values, found nothing"),
                    Arguments.of("- a\n- b\n", "expected keys and values, found [\"a\",\"b\"]"),
                    Arguments.of("text\n", "expected keys and values, found \"text\""));

    @ParameterizedTest
    @FieldSource("NO_KEYS")
    void aFileWithoutKeysSaysWhatItHoldsInstead(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(CairnException.class)
                .hasMessage(file() + ": " + message);
    }

    private static final List<Arguments> NO_YAML =
            List.of(
                    Arguments.of("a: 1\nb:\n\t- c\n", 3, "character '\\t(TAB)' that cannot start"),
                    Arguments.of("a: 1\nb: c: d\n", 2, "mapping values are not allowed here"),
                    Arguments.of("a: [1,\n\n", 3, "expected the node content, but found"),
                    Arguments.of("a: 'it's'\n", 1, "expected <block end>, but found '<scalar>'"),
                    Arguments.of("a: 1\nb: @c\n", 2, "character '@' that cannot start any token"),
                    Arguments.of("a: 1\nb: {{input}}\n", 2, "quote text that begins with a brace"),
                    Arguments.of("a: 1\nb: 2\na: 3\n", 3, "key \"a\" is given twice"),
                    Arguments.of("a:\n  b: 1\n  b: 2\n", 3, "key \"b\" is given twice"),
                    Arguments.of(
                            "a: 1\n---\nb: 1\n", 3, "expected one document, found a second one"),
                    Arguments.of("a: 1\nb: 2\n\0", 3, "control character U+0000"),
                    Arguments.of("a: \"\u0085\u0086\"\n", 1, "control character U+0086"),
                    Arguments.of("a: &x 1\nb: *x\n", 2, "the alias *x is not supported"),
                    Arguments.of("a: *x\n", 1, "the alias *x is not supported"));

    @ParameterizedTest
    @FieldSource("NO_YAML")
    void whatIsNoUsableYamlIsOneLineThatNamesFileAndLine(String yaml, int line, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file() + ":" + line + ": ")
                .hasMessageContaining(message)
                .satisfies(YamlFileTest::isOneShortLine);
    }

    static Stream<String> excesses() {
        String aliases =
                IntStream.range(1, 10)
                        .mapToObj(i -> "a%d: &a%d [%s]\n".formatted(i, i, "*a0,".repeat(9)))
                        .reduce("a0: &a0 [x]\n", String::concat);
        String indented =
                IntStream.range(1, 900)
                        .mapToObj(depth -> " ".repeat(depth) + "k:\n")
                        .reduce("k:\n", String::concat);
        return Stream.of(
                aliases,
                indented,
                "a: " + "[".repeat(600),
                "a: " + "[".repeat(501) + "]".repeat(501),
                "a: " + "{a: ".repeat(600),
                "a: " + "9".repeat(2000),
                "a: " + "x".repeat(YamlText.MAX_BYTES));
    }

    @ParameterizedTest
    @MethodSource("excesses")
    void whatAsksTooMuchOfAReaderIsRefused(String yaml) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file().toString())
                .satisfies(YamlFileTest::isOneShortLine);
    }

    @Test
    void whatIsNoTextFileIsRefusedByName() throws IOException {
        Files.write(file(), new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0});
        assertThatThrownBy(() -> YamlFile.read(file()))
                .isInstanceOf(CairnException.class)
                .hasMessage(file() + ": not UTF-8 text; convert it to UTF-8");
        assertThatThrownBy(() -> YamlFile.read(directory))
                .isInstanceOf(CairnException.class)
                .hasMessage(directory + ": cannot be read: Is a directory; check the path");
        Path missing = directory.resolve("missing.yaml");
        assertThatThrownBy(() -> YamlFile.read(missing))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        missing + ": cannot be read: no such file or directory; check the path");
    }

    @Test
    void pathsAreRelativeToTheFile() {
        YamlFile yaml = yaml(GOOD);
        assertThat(yaml.resolve("../models/m")).isEqualTo(directory.resolveSibling("models/m"));
        assertThat(yaml.resolve("/models/m")).isEqualTo(Path.of("/models/m"));
        assertThatThrownBy(() -> yaml.resolve("a\0b"))
                .isInstanceOf(CairnException.class)
                .hasMessage(file() + ": expected a path, found 'a?b'");
    }

    @Test
    void oneSetOfKeysOverAnotherLeavesBothAsTheyAre() {
        var under = YamlFile.literal("a: 1\nb: [1]\n");
        var over = YamlFile.literal("b: [2]\nc: 3\n");
        var merged = YamlFile.merged(under, over);
        assertThat(merged).isEqualTo(YamlFile.literal("a: 1\nb: [2]\nc: 3\n"));
        merged.withArray("b").add(9);
        assertThat(under).isEqualTo(YamlFile.literal("a: 1\nb: [1]\n"));
        assertThat(over).isEqualTo(YamlFile.literal("b: [2]\nc: 3\n"));
    }

    private static void isOneShortLine(Throwable e) {
        assertThat(e.getMessage()).doesNotContainPattern("\\R").hasSizeLessThan(400);
    }

    private static Arguments added(String line, String message) {
        return Arguments.of(GOOD + line + "\n", message);
    }

    private static Arguments changed(String from, String to, String message) {
        return Arguments.of(GOOD.replace(from, to), message);
    }

    private Path file() {
        return directory.resolve("dish.yaml");
    }

    private Dish read(String yaml) {
        return yaml(yaml).as(Dish.class);
    }

    private YamlFile yaml(String text) {
        AtomicFiles.writeString(file(), text);
        return YamlFile.read(file());
    }
}
