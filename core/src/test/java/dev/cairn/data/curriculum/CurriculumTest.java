package dev.cairn.data.curriculum;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.Digests;
import dev.cairn.data.Document;
import dev.cairn.data.Question;
import dev.cairn.data.stories.Split;
import dev.cairn.data.stories.StoryGenerator;
import dev.cairn.data.stories.Words;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CurriculumTest {
    private static final int MANY = 400;

    /** Sentences, questions, focuses and steps of the harder questions, for any words. */
    private static final Pattern TEMPLATES = templates();

    @ParameterizedTest
    @EnumSource
    void noWordOfAnyQuestionOccurs(Exercise kind) {
        assertThat(documents(kind).flatMap(text -> Arrays.stream(text.split("\\W+"))))
                .noneMatch(word -> Words.TRAIN.has(word) || Words.HELD_OUT.has(word));
    }

    @ParameterizedTest
    @EnumSource
    void noSentenceOfTheHarderQuestionsOccurs(Exercise kind) {
        assertThat(documents(kind).flatMap(CurriculumTest::sentences))
                .noneMatch(sentence -> TEMPLATES.matcher(sentence).matches());
    }

    @Test
    void theTemplatesAreThoseOfTheHarderQuestions() {
        assertThat(
                        List.of(
                                "Tovik went to the lamene.",
                                "Where is Tovik?",
                                "place of Tovik",
                                "Tovik is in the lamene."))
                .allMatch(sentence -> TEMPLATES.matcher(sentence).matches());
    }

    @ParameterizedTest
    @EnumSource
    void quotesAreWordForWordFromTheText(Exercise kind) {
        assertThat(sheets(kind))
                .allSatisfy(sheet ->
                        assertThat(sheet.problems())
                                .flatExtracting(Problem::quotes)
                                .allMatch(sheet.text()::contains));
    }

    @ParameterizedTest
    @EnumSource
    void noStageIsLabelled(Exercise kind) {
        assertThat(documents(kind))
                .noneMatch(Pattern.compile("\\b(Focus|Facts|Reasoning|Answer):").asPredicate());
    }

    @Test
    void inventedWordsDifferFromDocumentToDocument() {
        List<Set<String>> words =
                documents(Exercise.QUOTATIONS)
                        .map(text -> (Set<String>) new HashSet<>(List.of(text.split("\\W+"))))
                        .toList();
        Set<String> first = words.getFirst();
        long strangers =
                words.stream()
                        .skip(1)
                        .filter(other -> other.stream().filter(first::contains).count() < 12)
                        .count();
        // They share labels and the words of the questions, no more than eleven.
        assertThat((double) strangers / words.size()).isGreaterThan(0.95);
    }

    @Test
    void theSameSeedWritesTheSameDocumentsEverywhere() {
        List<String> documents = texts(1, 200);
        assertThat(texts(1, 100)).isEqualTo(documents.subList(0, 100));
        assertThat(texts(2, 100)).doesNotContainAnyElementsOf(documents);
        assertThat(Digests.sha256(String.join("\n\n", documents)))
                .isEqualTo("984cc452dc0fe7317fcbad0d8a49e9857eb09e0b47e2be5e1065ae883270dee1");
    }

    private static List<String> texts(long seed, int count) {
        return Curriculum.documents(seed, count).map(Document::text).toList();
    }

    /** What nobody can foresee is given; what follows from it is learnt. */
    @Test
    void whatReturnsOfATextIsLearnt() {
        assertThat(lessons(Exercise.ECHO))
                .allMatch(echo -> echo.learnt().startsWith("\n" + echo.given()));
        // One in three of 400, give or take four standard deviations.
        assertThat(lessons(Exercise.TABLE).filter(CurriculumTest::returns)).hasSizeBetween(95, 171);
    }

    @Test
    void inTwoCasesOfThreeAQuestionStandsBeforeTheText() {
        var random = new SplittableRandom(7);
        int first = 0;
        for (int i = 0; i < MANY; i++) {
            Sheet sheet = Exercise.TRAIL.draw(random);
            Quiz quiz = Quiz.any(random);
            Document document = quiz.write(sheet, random);
            List<String> questions =
                    sheet.problems().stream()
                            .map(problem -> quiz.asked() + problem.question())
                            .toList();
            if (document.given().equals(sheet.text())) {
                assertThat(questions).allMatch(document.learnt()::contains);
            } else {
                first++;
                assertThat(questions.stream().map(question -> question + "\n" + sheet.text()))
                        .contains(document.given());
                assertThat(questions).noneMatch(document.learnt()::contains);
            }
        }
        // Two in three of 400, give or take four standard deviations.
        assertThat(first).isBetween(229, 305);
    }

    /** Whether all rows of a table stand there once more. */
    private static boolean returns(Document table) {
        List<String> learnt = List.of(table.learnt().split("\n"));
        List<String> rows = List.of(table.given().split("\n"));
        return learnt.size() > rows.size()
                && new HashSet<>(learnt.subList(1, rows.size() + 1)).containsAll(rows);
    }

    static Stream<Sheet> sheets(Exercise kind) {
        var random = new SplittableRandom(7);
        return Stream.generate(() -> kind.draw(random.split())).limit(MANY);
    }

    private static Stream<String> documents(Exercise kind) {
        return lessons(kind).map(Document::text);
    }

    private static Stream<Document> lessons(Exercise kind) {
        var random = new SplittableRandom(7);
        return Stream.generate(() -> Curriculum.write(kind, random.split())).limit(MANY);
    }

    private static Stream<String> sentences(String text) {
        return Arrays.stream(text.split("\n|(?<=[.?!])\\s+|: "));
    }

    private static Pattern templates() {
        Set<String> templates =
                StoryGenerator.questions(1, 1000, Split.HARDER).stream()
                        .flatMap(CurriculumTest::texts)
                        .flatMap(CurriculumTest::sentences)
                        .map(CurriculumTest::template)
                        .filter(template -> template.contains(" "))
                        .collect(Collectors.toSet());
        return Pattern.compile(String.join("|", templates));
    }

    private static Stream<String> texts(Question question) {
        return Stream.concat(Stream.of(question.input()), question.stages().values().stream());
    }

    private static String template(String sentence) {
        return Arrays.stream(sentence.split("\\b"))
                .map(word -> Words.HELD_OUT.has(word) ? "\\w+" : Pattern.quote(word))
                .collect(Collectors.joining())
                .replace("\\E\\Q", "")
                .replace("\\Q \\E", " ");
    }
}
