package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.config.WeightFormat;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.engine.ModelScorer;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.FinishReason;
import dev.cairn.text.Score;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.DecodingRequest;
import dev.cairn.text.completion.ModelCard;
import dev.cairn.text.completion.RequestException;
import dev.cairn.text.completion.ServedModel;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stacks, stages and bases as a server offers them. */
class ServingTest {
    private static final long CACHE_BYTES = 16 << 20;

    /** Writes {@code cat} and {@code dog} after their signs and, after {@code %}, without end. */
    private static final String CHAINS =
            """
            - {name: first, prompt: "{{input}}#", adapter: none}
            - {name: second, prompt: "<{{first}}>@", adapter: none}
            - name: third
              prompt: "{{first}}|{{input}}%"
              adapter: none
              decoding: {max_new_tokens: 5}
            """;

    private static final String RANDOM =
            """
            - {name: a, prompt: "{{input}}"}
            - {name: b, prompt: "{{a}}", decoding: {max_new_tokens: 6}}
            """;

    private static final StageListener NOBODY = StageListener.NONE;

    @TempDir static Path chains;
    @TempDir static Path random;
    private static Serving chainsServing;
    private static Serving randomServing;

    @BeforeAll
    static void open() {
        TinyBases.chains(chains.resolve("base"), "#cat", "@dog", "%xyx", "~é");
        Path base = TinyBases.random(random.resolve("base"), 1);
        TinyBases.adapter(random.resolve("out/a"), base, 2);
        TinyBases.adapter(random.resolve("out/b"), base, 3);
        chainsServing = serving(Stacks.ofStages(chains, CHAINS));
        randomServing = serving(Stacks.ofStages(random, RANDOM));
    }

    private static Serving serving(StackConfig config) {
        return Serving.open(
                List.of(new Serving.Offer(config, config.outputDir())),
                List.of(),
                WeightFormat.AS_STORED,
                CACHE_BYTES);
    }

    @AfterAll
    static void close() {
        chainsServing.close();
        randomServing.close();
    }

    private static ServedModel model(Serving serving, String id) {
        return serving.models().stream()
                .filter(model -> model.card().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Input chat(String text) {
        return new Input.Chat(List.of(new ChatMessage("user", text)));
    }

    private static CompletionRequest ask(Input input) {
        return new CompletionRequest(input, Map.of(), DecodingRequest.NONE, 0, false);
    }

    private static CompletionRequest scoring(Input input, @Nullable Integer maxTokens, int top) {
        return new CompletionRequest(input, Map.of(), tokens(maxTokens), top, true);
    }

    private static DecodingRequest tokens(@Nullable Integer maxTokens, String... stop) {
        return new DecodingRequest(maxTokens, SamplingParams.Overrides.NONE, List.of(stop));
    }

    private static Completion chainsAnswer(String id, Input input) {
        return model(chainsServing, id).complete(ask(input), NOBODY, Cancellation.NONE);
    }

    @Test
    void aStackItsStagesAndItsBaseAreModels() {
        assertThat(chainsServing.models())
                .extracting(ServedModel::card)
                .extracting(ModelCard::id, ModelCard::kind, ModelCard::stages)
                .containsExactly(
                        tuple("tiny", ModelCard.Kind.STACK, List.of("first", "second", "third")),
                        tuple("tiny/first", ModelCard.Kind.STAGE, List.of("first")),
                        tuple("tiny/second", ModelCard.Kind.STAGE, List.of("first", "second")),
                        tuple("tiny/third", ModelCard.Kind.STAGE, List.of("first", "third")),
                        tuple("base", ModelCard.Kind.BASE, List.of()));
        assertThat(chainsServing.models())
                .allMatch(model -> model.card().contextWindow() == TinyBases.WINDOW);
    }

    @Test
    void aStackAnswersAsItDoesByItself() {
        StackConfig config = Stacks.ofStages(random, RANDOM);
        List<StageTrace> alone =
                Stacks.answer(Stack.open(config, config.outputDir()), "Who?").stages();
        Completion served =
                model(randomServing, "tiny").complete(ask(chat("Who?")), NOBODY, Cancellation.NONE);
        assertThat(served.text()).isEqualTo(alone.getLast().output());
        assertThat(served.stages())
                .extracting(
                        StageTrace::prompt, StageTrace::output, trace -> trace.tokens().logprobs())
                .isEqualTo(
                        alone.stream()
                                .map(t -> tuple(t.prompt(), t.output(), t.tokens().logprobs()))
                                .toList());
        assertThat(served.promptTokens())
                .isEqualTo(alone.stream().mapToInt(trace -> trace.tokens().prompt()).sum());
        assertThat(served.completionTokens())
                .isEqualTo(alone.stream().mapToInt(trace -> trace.tokens().completion()).sum());
    }

    @Test
    void aTextOrTokensAreAStacksInput() {
        Tokenizer tokenizer = Tokenizer.load(chains.resolve("base"));
        List<Integer> ids = Arrays.stream(tokenizer.encode("hi")).boxed().toList();
        for (Input input : List.of(chat("hi"), new Input.Text("hi"), new Input.Tokens(ids))) {
            assertThat(chainsAnswer("tiny", input).stages().getLast().prompt())
                    .isEqualTo("cat|hi%");
        }
    }

    @Test
    void aConversationIsReadAsItIsInTraining() {
        Input talk =
                new Input.Chat(
                        List.of(
                                new ChatMessage("system", "Be kind."),
                                new ChatMessage("user", "Hi!")));
        assertThat(chainsAnswer("tiny", talk).stages().getFirst().prompt())
                .isEqualTo("System: Be kind.\nUser: Hi!#");
    }

    @Test
    void aStageInAChatRunsThoseItReadsFrom() {
        Completion second = chainsAnswer("tiny/second", chat("hi"));
        assertThat(second.text()).isEqualTo("dog");
        assertThat(second.stages())
                .extracting(StageTrace::stage)
                .containsExactly("first", "second");
    }

    @Test
    void aStageGoesOnWritingATextAsItStands() {
        Completion first = chainsAnswer("tiny/first", new Input.Text("x#"));
        assertThat(first.text()).isEqualTo("cat");
        assertThat(first.stages())
                .extracting(StageTrace::stage, StageTrace::prompt)
                .containsExactly(tuple("first", "x#"));
        assertThat(first.promptTokens()).isEqualTo(2);
    }

    @Test
    void aBaseKeepsItsWhiteSpaceAndAStageThatContinuesATextDoesNot(@TempDir Path folder) {
        TinyBases.chains(folder.resolve("base"), "# hi\t");
        try (Serving serving =
                serving(
                        Stacks.ofStages(
                                folder, "- {name: one, prompt: '{{input}}', adapter: none}"))) {
            assertThat(
                            model(serving, "base")
                                    .complete(ask(new Input.Text("#")), NOBODY, Cancellation.NONE)
                                    .text())
                    .isEqualTo(" hi\t");
            assertThat(
                            model(serving, "base")
                                    .complete(ask(chat("#")), NOBODY, Cancellation.NONE)
                                    .text())
                    .isEqualTo(" hi\t");
            assertThat(
                            model(serving, "tiny")
                                    .complete(ask(chat("#")), NOBODY, Cancellation.NONE)
                                    .text())
                    .isEqualTo("hi");
        }
    }

    @Test
    void aBaseWithAChatTemplateIsAskedThroughIt(@TempDir Path folder) {
        Path base = TinyBases.chains(folder.resolve("base"), "#cat");
        AtomicFiles.writeString(
                base.resolve("chat_template.jinja"),
                "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}#");
        try (Serving serving =
                Serving.open(
                        List.of(),
                        List.of(new ModelFinder.Found(base, null)),
                        WeightFormat.AS_STORED,
                        CACHE_BYTES)) {
            Completion answer =
                    serving.models()
                            .getFirst()
                            .complete(ask(chat("{{ 1 }}")), NOBODY, Cancellation.NONE);
            assertThat(answer.stages().getFirst().prompt()).isEqualTo("[user]{{ 1 }}#");
            assertThat(answer.text()).isEqualTo("cat");
        }
    }

    @Test
    void givenTextsAreNotWritten() {
        CompletionRequest request =
                new CompletionRequest(
                        chat("hi"), Map.of("first", "cow"), DecodingRequest.NONE, 0, false);
        Completion answer =
                model(chainsServing, "tiny").complete(request, NOBODY, Cancellation.NONE);
        assertThat(answer.stages())
                .extracting(StageTrace::prompt, StageTrace::finishReason)
                .containsExactly(
                        tuple("", FinishReason.EDITED),
                        tuple("<cow>@", FinishReason.STOP),
                        tuple("cow|hi%", FinishReason.LENGTH));
    }

    @Test
    void theAnswersStageWritesAsAskedButNeverMoreThanItWould() {
        ServedModel stack = model(chainsServing, "tiny");
        assertThat(complete(stack, tokens(2)).text()).isEqualTo("xy");
        assertThat(complete(stack, tokens(1000)).text()).isEqualTo("xyxyx");
        assertThat(complete(stack, tokens(5, "yx")).text()).isEqualTo("x");
        assertThat(complete(stack, tokens(2)).stages().getFirst().output()).isEqualTo("cat");
    }

    private static Completion complete(ServedModel model, DecodingRequest decoding) {
        return model.complete(
                new CompletionRequest(chat("hi"), Map.of(), decoding, 0, false),
                NOBODY,
                Cancellation.NONE);
    }

    @Test
    void aSeedDecidesWhatIsDrawnAtEveryStage() {
        ServedModel stack = model(randomServing, "tiny");
        String first = complete(stack, warm(1)).text();
        assertThat(complete(stack, warm(1)).text()).isEqualTo(first);
        assertThat(complete(stack, warm(2)).text()).isNotEqualTo(first);
    }

    private static DecodingRequest warm(long seed) {
        return new DecodingRequest(
                null, new SamplingParams.Overrides(1.0, null, null, null, null, seed), List.of());
    }

    @Test
    void aPromptsOwnTokensAreScoredAsAScorerScoresThem() {
        ServedModel base = model(randomServing, "base");
        Completion echoed =
                base.complete(scoring(new Input.Text("hello"), 1, 3), NOBODY, Cancellation.NONE);
        Score score =
                ModelScorer.open(random.resolve("base")).score(new int[0], base.tokenize("hello"));
        assertThat(echoed.prompt())
                .extracting(TokenProbability::text)
                .containsExactly("h", "e", "l", "l", "o");
        assertThat(echoed.prompt().getFirst().logprob()).isNull();
        for (int i = 0; i < score.tokenLogprobs().size(); i++) {
            assertThat(echoed.prompt().get(i + 1).logprob())
                    // Prompt and continuation are cut differently: other rounding of float sums.
                    .isCloseTo(score.tokenLogprobs().get(i), offset(1e-4));
        }
        assertThat(echoed.tokens()).hasSize(1);
    }

    @Test
    void atMostNoTokensOnlyScores() {
        Completion scored =
                model(randomServing, "tiny/a")
                        .complete(
                                scoring(new Input.Text("hello"), 0, 1), NOBODY, Cancellation.NONE);
        assertThat(scored.text()).isEmpty();
        assertThat(scored.prompt()).hasSize(5);
        assertThat(scored.completionTokens()).isZero();
    }

    @Test
    void theMostProbableTokensComeWithTheirVeryNumbers() {
        CompletionRequest request =
                new CompletionRequest(chat("hi"), Map.of(), DecodingRequest.NONE, 4, false);
        Completion answer =
                model(randomServing, "tiny").complete(request, NOBODY, Cancellation.NONE);
        assertThat(answer.tokens())
                .hasSize(6)
                .allSatisfy(token -> {
                    assertThat(token.top()).hasSize(4);
                    assertThat(token.top().getFirst().logprob()).isEqualTo(token.logprob());
                    assertThat(token.top().getFirst().id()).isEqualTo(token.id());
                });
    }

    @Test
    void aPartOfACharacterIsToldAsBytes() {
        CompletionRequest request =
                new CompletionRequest(new Input.Text("~"), Map.of(), tokens(3), 1, false);
        Completion answer =
                model(chainsServing, "base").complete(request, NOBODY, Cancellation.NONE);
        assertThat(answer.text()).isEqualTo("é");
        assertThat(answer.tokens())
                .extracting(TokenProbability::bytes)
                .containsExactly(List.of(0xC3), List.of(0xA9));
        assertThat(answer.tokens())
                .extracting(TokenProbability::text)
                .containsExactly("\uFFFD", "\uFFFD");
    }

    @Test
    void aWatcherSeesEveryTokenOnceAndTheTextInOrder() {
        List<String> events = new ArrayList<>();
        model(chainsServing, "tiny/second")
                .complete(
                        ask(chat("hi")),
                        new StageListener() {
                            @Override
                            public void started(String stage, String prompt) {
                                events.add(stage + " reads " + prompt);
                            }

                            @Override
                            public void wrote(
                                    String stage, String text, List<TokenProbability> tokens) {
                                events.add(
                                        stage
                                                + " "
                                                + text
                                                + tokens.stream()
                                                        .map(TokenProbability::text)
                                                        .toList());
                            }

                            @Override
                            public void finished(StageTrace trace) {
                                events.add(trace.stage() + " wrote " + trace.output());
                            }
                        },
                        Cancellation.NONE);
        assertThat(events)
                .containsExactly(
                        "first reads hi#",
                        "first c[c]",
                        "first a[a]",
                        "first t[t]",
                        "first wrote cat",
                        "second reads <cat>@",
                        "second d[d]",
                        "second o[o]",
                        "second g[g]",
                        "second wrote dog");
    }

    @Test
    void whatAWatcherThrowsEndsTheCompletion() {
        IllegalStateException gone = new IllegalStateException("gone");
        assertThatThrownBy(() ->
                        model(chainsServing, "tiny")
                                .complete(
                                        ask(chat("hi")),
                                        new StageListener() {
                                            @Override
                                            public void wrote(
                                                    String s, String t, List<TokenProbability> p) {
                                                throw gone;
                                            }
                                        },
                                        Cancellation.NONE))
                .isSameAs(gone);
    }

    @ParameterizedTest
    @CsvSource({
        "tiny, echo",
        "tiny/second, cairn.set",
        "base, cairn.set",
    })
    void whatAModelCannotDoIsTheRequestsFault(String id, String field) {
        CompletionRequest request =
                new CompletionRequest(
                        new Input.Text("hi"),
                        field.equals("echo") ? Map.of() : Map.of("nowhere", "x"),
                        DecodingRequest.NONE,
                        0,
                        field.equals("echo"));
        assertThatThrownBy(
                        () -> model(chainsServing, id).complete(request, NOBODY, Cancellation.NONE))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void aPromptThatFillsTheWindowIsRefused() {
        ServedModel base = model(chainsServing, "base");
        Input full = new Input.Text("x".repeat(TinyBases.WINDOW));
        assertThatThrownBy(() -> base.complete(ask(full), NOBODY, Cancellation.NONE))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("64 tokens")
                .hasMessageContaining("window is 64");
        assertThat(base.complete(scoring(full, 0, 0), NOBODY, Cancellation.NONE).prompt())
                .hasSize(TinyBases.WINDOW);
        Input almost = new Input.Text("#".repeat(TinyBases.WINDOW - 2));
        assertThat(base.complete(ask(almost), NOBODY, Cancellation.NONE).text()).isEqualTo("ca");
    }

    @Test
    void whatCouldNeverFindMemoryIsTheRequestsFault() {
        try (Serving serving =
                Serving.open(
                        List.of(),
                        List.of(new ModelFinder.Found(random.resolve("base"), null)),
                        WeightFormat.AS_STORED,
                        // 2 layers of keys and values of 24 floats, for 48 tokens.
                        2 * 2 * 24 * Float.BYTES * 48)) {
            ServedModel base = serving.models().getFirst();
            assertThat(
                            base.complete(ask(new Input.Text("hi")), NOBODY, Cancellation.NONE)
                                    .completionTokens())
                    .isPositive();
            assertThatThrownBy(() ->
                            base.complete(
                                    ask(new Input.Text("x".repeat(40))), NOBODY, Cancellation.NONE))
                    .isInstanceOfSatisfying(
                            RequestException.class,
                            e -> assertThat(e.field()).isEqualTo("max_tokens"))
                    .hasMessageContaining("memory for keys and values");
        }
    }

    @ParameterizedTest
    @CsvSource({"-1", "257"})
    void aTokenThatIsNotInTheVocabularyIsRefused(int id) {
        assertThatThrownBy(() -> chainsAnswer("base", new Input.Tokens(List.of(1, id))))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("token id " + id);
    }

    @Test
    void anEmptyInputIsRefused() {
        for (String id : List.of("tiny", "base")) {
            assertThatThrownBy(() -> chainsAnswer(id, new Input.Text("")))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("empty");
        }
    }

    @Test
    void stacksOnOneBaseShareItAndTwoOfOneNameAreRefused() {
        StackConfig config = Stacks.ofStages(chains, CHAINS);
        Serving.Offer offer = new Serving.Offer(config, config.outputDir());
        assertThatThrownBy(() ->
                        Serving.open(
                                List.of(offer, offer),
                                List.of(),
                                WeightFormat.AS_STORED,
                                CACHE_BYTES))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("two models are named tiny");
    }
}
