package dev.cairn.data.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.Digests;
import dev.cairn.data.Question;
import dev.cairn.data.QuestionSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("long")
class StoryGeneratorTest {
    /** Questions of each kind. */
    private static final int EACH = 500;

    private static final Map<Split, List<Question>> SETS =
            Stream.of(Split.values())
                    .collect(
                            Collectors.toMap(
                                    split -> split,
                                    split -> StoryGenerator.questions(7, many(split), split)));

    private static int many(Split split) {
        return EACH * split.kinds().size();
    }

    @ParameterizedTest
    @EnumSource
    void anIndependentReaderOfTheTextFindsTheGoldAnswer(Split split) {
        assertThat(set(split))
                .allSatisfy(question ->
                        assertThat(StoryReader.of(story(question)).answer(asked(question)))
                                .isEqualTo(question.answer())
                                .isEqualTo(question.stages().get("answer")));
    }

    @ParameterizedTest
    @EnumSource
    void theFactsAreLinesOfTheStoryAndSuffice(Split split) {
        assertThat(set(split))
                .allSatisfy(question -> {
                    List<String> facts = stage(question, "facts");
                    assertThat(story(question)).containsAll(facts);
                    assertThat(StoryReader.answerFromFacts(facts, asked(question)))
                            .isEqualTo(question.answer());
                });
    }

    @ParameterizedTest
    @EnumSource
    void oneAfterTheOtherTheFactsAreTheSame(Split split) {
        assertThat(set(split))
                .allSatisfy(question ->
                        assertThat(
                                        Stream.of("first", "second", "third")
                                                .flatMap(name -> stage(question, name).stream())
                                                .filter(fact -> !fact.equals("Nothing more.")))
                                .containsExactlyElementsOf(stage(question, "facts")));
    }

    @ParameterizedTest
    @EnumSource
    void theLastStepOfTheReasoningNamesTheAnswer(Split split) {
        assertThat(set(split))
                .allSatisfy(question -> {
                    assertThat(question.stages().keySet())
                            .containsExactly(
                                    "focus",
                                    "facts",
                                    "first",
                                    "second",
                                    "third",
                                    "reasoning",
                                    "answer");
                    assertThat(words(stage(question, "reasoning").getLast()))
                            .contains(question.answer());
                });
    }

    @ParameterizedTest
    @EnumSource
    void theKindsTakeTurnsAndTheStoriesDiffer(Split split) {
        List<Question> questions = set(split);
        assertThat(count(questions, Question::kind).values())
                .hasSize(split.kinds().size())
                .containsOnly((long) EACH);
        assertThat(questions).extracting(StoryGeneratorTest::story).doesNotHaveDuplicates();
        assertThat(questions).extracting(Question::id).doesNotHaveDuplicates();
        assertThat(questions)
                .extracting(question -> story(question).size())
                .allMatch(size -> size >= split.minSentences() && size <= split.maxSentences());
    }

    @Test
    void noStoryIsBothLearntFromAndScoredEvenWithOtherSeeds() {
        Set<List<String>> learnt = new HashSet<>();
        set(Split.TRAIN).forEach(question -> learnt.add(story(question)));
        StoryGenerator.questions(8, many(Split.TRAIN), Split.TRAIN)
                .forEach(question -> learnt.add(story(question)));
        assertThat(set(Split.HELD_OUT))
                .extracting(StoryGeneratorTest::story)
                .noneMatch(learnt::contains);
    }

    @Test
    void onlyTheHarderQuestionsUseHeldOutWordsAndTheyUseNoOthers() {
        for (Split split : Split.values()) {
            boolean isHarder = split.words() == Words.HELD_OUT;
            Words foreign = isHarder ? Words.TRAIN : Words.HELD_OUT;
            Stream<String> words =
                    set(split).stream().flatMap(question -> words(question.input()).stream());
            assertThat(words.distinct())
                    .isNotEmpty()
                    .noneMatch(foreign::has)
                    .noneMatch(Words.EXTRA::has);
        }
    }

    /** What one could say without reading: the last, or the commonest, word of the right sort. */
    @ParameterizedTest
    @EnumSource
    void guessingFromPositionOrFrequencyDoesNotPay(Split split) {
        for (Kind kind : split.kinds()) {
            Map<Question, List<String>> questions = new HashMap<>();
            set(split).stream()
                    .filter(one -> one.kind().equals(kind.label()))
                    .forEach(one -> questions.put(one, candidates(one)));
            assertThat(hits(questions, candidates -> candidates.getLast()))
                    .as("last, %s", kind)
                    .isLessThan(0.55);
            assertThat(hits(questions, List::getFirst)).as("first, %s", kind).isLessThan(0.55);
            assertThat(hits(questions, StoryGeneratorTest::commonest))
                    .as("commonest, %s", kind)
                    .isLessThan(0.55);
        }
    }

    @Test
    void aSmallerSetIsThePrefixOfALargerOneAndTheSeedMatters() {
        assertThat(StoryGenerator.questions(7, 50, Split.TRAIN))
                .isEqualTo(set(Split.TRAIN).subList(0, 50));
        assertThat(StoryGenerator.questions(8, 50, Split.TRAIN))
                .extracting(Question::input)
                .doesNotContainAnyElementsOf(
                        set(Split.TRAIN).stream().map(Question::input).toList());
        assertThat(StoryGenerator.questions(7, 1, Split.HELD_OUT).getFirst().id())
                .isEqualTo("stories-held-out-7-000000");
    }

    @Test
    void theSameSeedGivesTheSameBytesEverywhere(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("all.jsonl");
        QuestionSet.write(
                file,
                Stream.of(Split.TRAIN, Split.HELD_OUT, Split.HARDER)
                        .flatMap(split -> set(split).stream())
                        .toList());
        assertThat(Digests.sha256(Files.readString(file).strip()))
                .isEqualTo("d6ff45627773aa17adb1cfa64b9a097ee94de1a2f163eee6c8ffb576b4f7d060");
    }

    private static List<Question> set(Split split) {
        return Objects.requireNonNull(SETS.get(split));
    }

    private static double hits(
            Map<Question, List<String>> questions, Function<List<String>, String> guess) {
        long right =
                questions.entrySet().stream()
                        .filter(e -> guess.apply(e.getValue()).equals(e.getKey().answer()))
                        .count();
        return (double) right / questions.size();
    }

    /** Every mention of a place, or of a person, whichever the question asks for. */
    private static List<String> candidates(Question question) {
        Words pool = Words.HELD_OUT.has(question.answer()) ? Words.HELD_OUT : Words.TRAIN;
        List<String> sort =
                question.kind().startsWith("where")
                        ? pool.places()
                        : question.kind().startsWith("what") ? pool.things() : pool.names();
        List<String> asked = words(asked(question));
        return story(question).stream()
                .flatMap(sentence -> words(sentence).stream())
                .filter(word -> sort.contains(word) && !asked.contains(word))
                .toList();
    }

    private static String commonest(List<String> words) {
        Map<String, Long> counts = count(words, Function.identity());
        return words.stream()
                .max((a, b) -> Long.compare(counts.getOrDefault(a, 0L), counts.getOrDefault(b, 0L)))
                .orElseThrow();
    }

    private static <T> Map<String, Long> count(List<T> items, Function<T, String> key) {
        Map<String, Long> counts = new HashMap<>();
        items.forEach(item -> counts.merge(key.apply(item), 1L, Long::sum));
        return counts;
    }

    private static List<String> story(Question question) {
        return StoryReader.sentences(question.input().lines().toList().getFirst());
    }

    private static String asked(Question question) {
        return question.input().lines().toList().getLast();
    }

    private static List<String> stage(Question question, String stage) {
        return StoryReader.sentences(question.stages().getOrDefault(stage, ""));
    }

    private static List<String> words(String text) {
        return List.of(text.split("\\W+"));
    }
}
