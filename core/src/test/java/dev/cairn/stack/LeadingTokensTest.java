package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.config.WeightFormat;
import dev.cairn.data.Question;
import dev.cairn.data.StageExamples;
import dev.cairn.data.TokenExample;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.engine.ModelScorer;
import dev.cairn.stack.engine.PlainModel;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.Score;
import dev.cairn.text.StageListener;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.DecodingRequest;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where a base's tokenizer puts a token before a text, every text that a model reads has it, and
 * every prompt that a chat template wrote does not.
 */
class LeadingTokensTest {
    private static final String TEXT_STAGE = "{name: a, prompt: '{{input}}#', adapter: none}";
    private static final String CHAT_STAGE =
            "{name: a, prompt: [{user: '{{input}}#'}], adapter: none}";

    @TempDir Path folder;
    private Path base;

    /** After the token before the text alone the base writes "a"; after "#" it writes " cat". */
    @BeforeEach
    void writeBase() throws IOException {
        base = TinyBases.random(folder.resolve("base"), 1);
        Path file = base.resolve("tokenizer.json");
        String json = Files.readString(file);
        assertThat(json).contains("\"post_processor\" : null");
        AtomicFiles.writeString(
                file,
                json.replace(
                        "\"post_processor\" : null",
                        """
                        "post_processor": {"type": "TemplateProcessing",
                            "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                                       {"Sequence": {"id": "A", "type_id": 0}}],
                            "pair": [{"Sequence": {"id": "A", "type_id": 0}},
                                     {"Sequence": {"id": "B", "type_id": 1}}],
                            "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>",
                                "ids": [0], "tokens": ["<|endoftext|>"]}}}
                        """));
    }

    private void writeTemplate() {
        AtomicFiles.writeString(
                base.resolve("chat_template.jinja"),
                "{% for m in messages %}{{ m.content }}{% endfor %}");
    }

    private static int[] withStart(Tokenizer tokenizer, String text) {
        return IntStream.concat(IntStream.of(0), IntStream.of(tokenizer.encode(text))).toArray();
    }

    @Test
    void aStageReadsItBeforeATextButNotBeforeWhatAChatTemplateWrote() {
        writeTemplate();
        var text = Stacks.trace(Stacks.open(folder, "- " + TEXT_STAGE), "hi");
        assertThat(text.tokens().prompt()).isEqualTo("hi#".length() + 1);
        assertThat(text.prompt()).isEqualTo("hi#");
        var chat = Stacks.trace(Stacks.open(folder, "- " + CHAT_STAGE), "hi");
        assertThat(chat.tokens().prompt()).isEqualTo("hi#".length());
    }

    @Test
    void aTextThatBeginsWithItHasItOnce() {
        var trace = Stacks.trace(Stacks.open(folder, "- " + TEXT_STAGE), "<|endoftext|>hi");
        assertThat(trace.tokens().prompt()).isEqualTo("hi#".length() + 1);
    }

    @Test
    void aStacksChoicesAreScoredAsItsPromptIsRead() {
        writeTemplate();
        Tokenizer tokenizer = Tokenizer.load(base);
        ModelScorer model = ModelScorer.open(base);
        int[] choice = tokenizer.encode("x");
        Score text = StackScorer.of(Stacks.open(folder, "- " + TEXT_STAGE)).score("hi", "x");
        assertThat(text).isEqualTo(model.score(withStart(tokenizer, "hi#"), choice));
        Score chat = StackScorer.of(Stacks.open(folder, "- " + CHAT_STAGE)).score("hi", "x");
        assertThat(chat).isEqualTo(model.score(tokenizer.encode("hi#"), choice));
        assertThat(chat.tokenLogprobs()).isNotEqualTo(text.tokenLogprobs());
    }

    @Test
    void aModelScoresItBeforeEveryContext() {
        Tokenizer tokenizer = Tokenizer.load(base);
        ModelScorer model = ModelScorer.open(base);
        Score expected = model.score(withStart(tokenizer, "hi"), tokenizer.encode(" x"));
        assertThat(model.score("hi", " x")).isEqualTo(expected);
        assertThat(model.score("hi ", "x")).isEqualTo(expected);
        assertThat(model.score("<|endoftext|>hi", " x")).isEqualTo(expected);
        assertThat(model.score("", "x"))
                .isEqualTo(model.score(new int[] {0}, tokenizer.encode("x")));
    }

    @Test
    void aServerReadsItBeforeATextAndAChatWithoutATemplateButEchoesOnlyTheText() {
        StackConfig stack = Stacks.ofStages(folder, "- " + TEXT_STAGE);
        try (Serving serving =
                Serving.open(
                        List.of(new Serving.Offer(stack, stack.outputDir())),
                        List.of(),
                        WeightFormat.AS_STORED,
                        1 << 20)) {
            Completion text = complete(serving, new Input.Text("hi"));
            assertThat(text.promptTokens()).isEqualTo(3);
            assertThat(text.prompt())
                    .extracting(TokenProbability::text)
                    .containsExactly("<|endoftext|>", "h", "i");
            assertThat(text.prompt().getFirst().logprob()).isNull();
            Completion ids = complete(serving, new Input.Tokens(List.of(0, 74, 75)));
            assertThat(ids.promptTokens()).isEqualTo(3);
            Completion empty = complete(serving, new Input.Text(""));
            assertThat(empty.promptTokens()).isEqualTo(1);
            Completion chat =
                    complete(serving, new Input.Chat(List.of(new ChatMessage("user", "hi"))));
            assertThat(chat.promptTokens()).isEqualTo(3);
        }
    }

    private static Completion complete(Serving serving, Input input) {
        DecodingRequest one = new DecodingRequest(1, SamplingParams.Overrides.NONE, List.of());
        boolean echo = !(input instanceof Input.Chat);
        return serving.models()
                .getLast()
                .complete(
                        new CompletionRequest(input, Map.of(), one, 0, echo),
                        StageListener.NONE,
                        Cancellation.NONE);
    }

    @Test
    void aStageLearnsAfterItWhatItReadsAfterIt() {
        Question question = new Question("q", "k", "hi", "yes", Map.of());
        Tokenizer tokenizer = Tokenizer.load(base);
        assertThat(learnt(TEXT_STAGE, question).ids()).startsWith(withStart(tokenizer, "hi# yes"));
        writeTemplate();
        assertThat(learnt(CHAT_STAGE, question).ids()).startsWith(tokenizer.encode("hi#yes"));
    }

    private TokenExample learnt(String stage, Question question) {
        StackConfig stack =
                Stacks.ofStages(folder, "- " + stage.replace("name: a", "name: answer"));
        StageConfig only = stack.stages().getFirst();
        return new StageExamples(
                        Tokenizer.load(base),
                        TinyBases.END,
                        only.prompt().renderer(base, Clock.systemUTC()),
                        only.target(),
                        100,
                        false)
                .of(List.of(question), Map.of())
                .examples()
                .getFirst();
    }

    /** lm-evaluation-harness compares what a model wrote as it is. */
    @Test
    void inABenchmarkAModelsAnswerKeepsItsWhiteSpace() {
        TinyBases.chains(base, "# cat\n");
        StackConfig config =
                PlainModel.ofText(
                        ModelFinder.PATHS.find(base.toString()),
                        null,
                        DecodingConfig.DEFAULT.writing(8, List.of()));
        Stack model = Stack.open(config, folder).writing(8, List.of());
        assertThat(model.answer("#").text()).isEqualTo("cat");
        assertThat(model.verbatim().answer("#").text()).isEqualTo(" cat\n");
    }
}
