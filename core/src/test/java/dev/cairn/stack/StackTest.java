package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.model.LoraAdapter;
import dev.cairn.stack.Stacks.Notes;
import dev.cairn.text.Answer;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of stacks on a base that knows its chains by heart, and on a random one. */
class StackTest {
    /** Writes {@code cat} and {@code dog} after their signs and, after {@code %}, without end. */
    private static final String THREE_STAGES =
            """
            - {name: first, prompt: "{{input}}#", adapter: none}
            - {name: second, prompt: "<{{first}}>@", adapter: none}
            - name: third
              prompt: "{{first}}|{{second}}%"
              adapter: none
              decoding: {max_new_tokens: 5}
            """;

    @TempDir static Path chains;
    @TempDir static Path random;

    @BeforeAll
    static void writeBases() {
        TinyBases.chains(
                chains.resolve("base"), "#cat", "@dog", "%xyx", "^1:21", "& \thi\n\r", "~é🐄");
        Path base = TinyBases.random(random.resolve("base"), 1);
        TinyBases.adapter(random.resolve("out/a"), base, 2);
        TinyBases.adapter(random.resolve("out/b"), base, 3);
    }

    @Test
    void eachStageReadsTheInputAndWhatEarlierStagesWrote() {
        Notes notes = new Notes();
        Answer answer = threeStages().answer("hi", Map.of(), notes);
        assertThat(answer.text()).isEqualTo("xyxyx");
        assertThat(answer.stages())
                .extracting(StageTrace::stage, StageTrace::prompt, StageTrace::output)
                .containsExactly(
                        tuple("first", "hi#", "cat"),
                        tuple("second", "<cat>@", "dog"),
                        tuple("third", "cat|dog%", "xyxyx"));
        assertThat(notes.started).containsExactly("first", "second", "third");
        assertThat(notes.finished).containsExactly("first", "second", "third");
        assertThat(String.join("", notes.pieces)).isEqualTo("catdogxyxyx");
    }

    @Test
    void theTraceCountsTokensAndSaysHowSureTheModelWas() {
        List<StageTrace> traces = Stacks.answer(threeStages(), "hi").stages();
        StageTrace first = traces.getFirst();
        assertThat(first.identity().stack()).isEqualTo("tiny");
        assertThat(first.identity().base()).isEqualTo("base");
        assertThat(first.identity().adapterDigest()).isEqualTo("none");
        assertThat(first.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(first.tokens().prompt()).isEqualTo(3);
        assertThat(first.tokens().truncated()).isZero();
        // c, a, t and the end of text, each of which the base is all but sure of.
        assertThat(first.tokens().completion()).isEqualTo(4);
        assertThat(first.tokens().logprobs()).hasSize(4).allMatch(p -> p <= 0 && p > -0.001);
        assertThat(first.timing().prefillMillis()).isPositive();
        assertThat(first.timing().decodeMillis()).isPositive();
        assertThat(first.sampling()).isEqualTo(SamplingParams.GREEDY);
        StageTrace third = traces.getLast();
        assertThat(third.finishReason()).isEqualTo(FinishReason.LENGTH);
        assertThat(third.tokens().completion()).isEqualTo(5);
        assertThat(third.tokens().logprobs()).hasSize(5);
    }

    @Test
    void anEditedStageIsNotRunAndWhatFollowsReadsTheEdit() {
        Notes notes = new Notes();
        Answer answer = threeStages().answer("hi", Map.of("second", " an edit "), notes);
        assertThat(notes.started).containsExactly("first", "third");
        assertThat(notes.finished).containsExactly("first", "second", "third");
        StageTrace edited = answer.stages().get(1);
        assertThat(edited.finishReason()).isEqualTo(FinishReason.EDITED);
        assertThat(edited.output()).isEqualTo(" an edit ");
        assertThat(edited.tokens().completion()).isZero();
        assertThat(edited.tokens().logprobs()).isEmpty();
        assertThat(edited.meanLogprob()).isZero();
        assertThat(answer.stages().getLast().prompt()).isEqualTo("cat| an edit %");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    first          | second third
                    second         | first third
                    third          |
                    first second   | third
                    first third    | second
                    """)
    void onlyStagesThatSomethingReadsAreRun(String edited, String started) {
        Notes notes = new Notes();
        Map<String, String> edits =
                List.of(edited.split(" ", -1)).stream()
                        .collect(Collectors.toMap(name -> name, name -> "E"));
        Answer answer = threeStages().answer("hi", edits, notes);
        assertThat(String.join(" ", notes.started)).isEqualTo(started == null ? "" : started);
        assertThat(answer.text()).isEqualTo(edits.containsKey("third") ? "E" : "xyxyx");
    }

    @Test
    void aStageNobodyReadsIsSkippedBeforeAnEditAndItsNeedsWithIt() {
        Stack stack =
                Stacks.open(
                        chains,
                        """
                        - {name: a, prompt: "{{input}}#", adapter: none}
                        - {name: b, prompt: "{{a}}#", adapter: none}
                        - {name: c, prompt: "{{a}}@", adapter: none}
                        - {name: d, prompt: "{{c}}@", adapter: none}
                        """);
        Notes notes = new Notes();
        Answer answer = stack.answer("hi", Map.of("c", "E"), notes);
        assertThat(notes.started).containsExactly("d");
        assertThat(answer.stages()).extracting(StageTrace::stage).containsExactly("c", "d");
        assertThat(answer.stages().getLast().prompt()).isEqualTo("E@");
    }

    @Test
    void anEditOfNoStageNamesTheStagesThereAre() {
        assertThatThrownBy(() -> threeStages().answer("hi", Map.of("secnd", "x"), new Notes()))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        chains.resolve("stack.yaml")
                                + ": there is no stage secnd to set; the stages are first, second,"
                                + " third");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    %    | stop: [yxy], max_new_tokens: 20 | x     | STOP   | 4
                    %    | stop: [x, yxy]                  | ``    | STOP   | 1
                    %    | stop: [yxyz], max_new_tokens: 4 | xyxy  | LENGTH | 4
                    %    | stop: [xyxy], max_new_tokens: 4 | ``    | STOP   | 4
                    #    | stop: [at]                      | c     | STOP   | 3
                    #    | stop: ["\\n"]                   | cat   | STOP   | 4
                    &    | stop: []                        | hi    | STOP   | 7
                    ~    | stop: []                        | é🐄   | STOP   | 7
                    ~    | stop: [🐄]                      | é     | STOP   | 6
                    """)
    void writingEndsAtAStopStringThatMaySpanTokens(
            String sign, String decoding, String output, FinishReason reason, int tokens) {
        Notes notes = new Notes();
        StageTrace trace =
                Stacks.open(chains, stage(sign, "decoding: {" + decoding + "}"))
                        .answer("", Map.of(), notes)
                        .stages()
                        .getFirst();
        assertThat(trace.output()).isEqualTo(output);
        assertThat(trace.finishReason()).isEqualTo(reason);
        assertThat(trace.tokens().completion()).isEqualTo(tokens);
        assertThat(trace.tokens().logprobs()).hasSize(tokens);
        assertThat(String.join("", notes.pieces)).isEqualTo(output);
        assertThat(notes.pieces).doesNotContain("").noneMatch(piece -> piece.contains("\uFFFD"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            // The base writes 1:21:21:2.
            textBlock =
                    """
                    ":"   | 9 | 2
                    ":"   | 8 | ``
                    ":2"  | 7 | 1
                    "?"   | 9 | ``
                    """)
    void onlyWhatFollowsTheLastMarkerIsHandedOn(String marker, int tokens, String output) {
        Stack stack =
                Stacks.open(
                        chains,
                        stage(
                                "^",
                                "answer_after: %s, decoding: {max_new_tokens: %d}"
                                        .formatted(marker, tokens)));
        List<String> pieces = new ArrayList<>();
        assertThat(stack.answer("", pieces::add).text()).isEqualTo(output);
        assertThat(String.join("", pieces)).isEqualTo(output);
        assertThat(Stacks.trace(stack, "").tokens().completion()).isEqualTo(tokens);
    }

    @Test
    void aPromptLongerThanTheWindowLosesItsBeginningAndSaysSo() {
        Stack stack = Stacks.open(chains, stage("#", "decoding: {max_new_tokens: 60}"));
        StageTrace trace = Stacks.trace(stack, "abcdefgh");
        assertThat(trace.prompt()).isEqualTo("fgh#");
        assertThat(trace.tokens().prompt()).isEqualTo(TinyBases.WINDOW - 60);
        assertThat(trace.tokens().truncated()).isEqualTo(5);
        assertThat(trace.output()).isEqualTo("cat");
    }

    @Test
    void theWindowMayBeFilledToItsLastToken() {
        Stack stack = Stacks.open(chains, stage("%", "decoding: {max_new_tokens: 63}"));
        StageTrace trace = Stacks.trace(stack, "abc");
        assertThat(trace.prompt()).isEqualTo("%");
        assertThat(trace.output()).hasSize(63).startsWith("xyxy");
        assertThat(trace.finishReason()).isEqualTo(FinishReason.LENGTH);
    }

    @Test
    void aPromptWithoutATokenIsRefused() {
        Stack stack = Stacks.open(chains, stage("", ""));
        assertThatThrownBy(() -> Stacks.answer(stack, ""))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "stack tiny: stage only has an empty prompt; expected at least one token");
    }

    @Test
    void adaptersChangeWhatIsSaidAndShareOneBase() {
        Stack stack = randomStack();
        List<StageTrace> traces = Stacks.answer(stack, "hello").stages();
        assertThat(traces.get(0).identity().adapterDigest())
                .isEqualTo(LoraAdapter.digest(random.resolve("out/a")))
                .hasSize(64);
        assertThat(traces.get(1).identity().adapterDigest())
                .isNotEqualTo(traces.get(0).identity().adapterDigest());
        assertThat(traces.get(2).identity().adapterDigest()).isEqualTo("none");
        assertThat(traces).extracting(trace -> trace.tokens().logprobs()).doesNotHaveDuplicates();
        assertThat(stack.stages().stream().map(stage -> stage.generator().model()).distinct())
                .hasSize(1);
        // Rank 3 on two layers, each from 24 to 72 and from 20 to 24 values.
        assertThat(stack.adapterParameters()).isEqualTo(2 * 2 * 3 * (24 + 72 + 20 + 24));
    }

    @Test
    void whatIsStreamedIsTheAnswer() {
        Stack stack = randomStack();
        for (String input : List.of("a", "hello", "where is the cat?", "é🐄")) {
            List<String> pieces = new ArrayList<>();
            Answer answer = stack.answer(input, pieces::add);
            assertThat(String.join("", pieces)).isEqualTo(answer.text());
            assertThat(answer.text()).isEqualTo(answer.stages().getLast().output());
            assertThat(answer.text()).isEqualTo(answer.text().strip());
        }
    }

    @Test
    void severalThreadsAnswerAsOneDoes() throws InterruptedException, ExecutionException {
        Stack stack = randomStack();
        List<String> inputs = IntStream.range(0, 24).mapToObj(i -> "question " + i).toList();
        List<String> alone = inputs.stream().map(input -> said(stack, input)).toList();
        assertThat(alone).doesNotHaveDuplicates();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> together =
                    inputs.stream().map(input -> threads.submit(() -> said(stack, input))).toList();
            for (int i = 0; i < inputs.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i));
            }
        }
    }

    /** Everything but the times. */
    private static String said(Stack stack, String input) {
        return Stacks.answer(stack, input).stages().stream()
                .map(trace -> trace.prompt() + trace.output() + trace.tokens().logprobs())
                .collect(Collectors.joining());
    }

    private static Stack threeStages() {
        return Stacks.open(chains, THREE_STAGES);
    }

    private static Stack randomStack() {
        return Stacks.open(
                random,
                """
                - {name: a, prompt: "{{input}}:", decoding: {max_new_tokens: 12}}
                - name: b
                  prompt: "{{a}} {{input}}:"
                  decoding: {max_new_tokens: 12, temperature: 0.9, top_k: 40, seed: 3}
                - {name: c, prompt: "{{b}}:", adapter: none, decoding: {max_new_tokens: 12}}
                """);
    }

    private static String stage(String sign, String keys) {
        return "- {name: only, prompt: \"{{input}}%s\", adapter: none, %s}\n".formatted(sign, keys);
    }
}
