package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.config.WeightFormat;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageListener;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.DecodingRequest;
import dev.cairn.text.completion.Ending;
import dev.cairn.text.completion.RequestException;
import dev.cairn.text.completion.ServedModel;
import dev.cairn.text.template.TemplateVariables;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
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

/** How texts end, and which of their tokens are seen, with a base that writes special tokens. */
class EndingTest {
    /** Writes {@code b<|x|>cd} after {@code a}, and an indented line after a chat's beginning. */
    private static final String[] CHAINS = {"ab<|x|>cd", "#\tk\n"};

    private static final String TEMPLATE =
            "{%- for m in messages %}{{ m.content }}{% endfor -%}"
                    + "{% if enable_thinking is defined and not enable_thinking %}a{% else %}#{% endif %}";

    private static final String STAGES =
            """
            - {name: last, prompt: "{{input}}", adapter: none, decoding: {stop: ["%s"]}}
            """;

    @TempDir static Path folder;
    private static @Nullable Serving serving;

    @BeforeAll
    static void open() {
        Path base = TinyBases.chains(folder.resolve("base"), List.of("<|x|>"), CHAINS);
        AtomicFiles.writeString(
                base.resolve("tokenizer_config.json"), "{\"eos_token\": \"<|endoftext|>\"}");
        AtomicFiles.writeString(base.resolve("chat_template.jinja"), TEMPLATE);
        StackConfig config = Stacks.ofStages(folder, STAGES.formatted("never"));
        serving =
                Serving.open(
                        List.of(new Serving.Offer(config, config.outputDir())),
                        List.of(),
                        WeightFormat.AS_STORED,
                        16 << 20);
    }

    @AfterAll
    static void close() {
        if (serving != null) {
            serving.close();
        }
    }

    private static ServedModel model(String id) {
        if (serving == null) {
            throw new IllegalStateException("not open");
        }
        return serving.models().stream()
                .filter(model -> model.card().id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** The completion, which was streamed in the same way. */
    private static Completion complete(String id, Input input, Ending ending, String... stop) {
        StringBuilder streamed = new StringBuilder();
        DecodingRequest decoding =
                new DecodingRequest(8, SamplingParams.Overrides.NONE, List.of(stop), ending);
        Completion completion =
                model(id)
                        .complete(
                                new CompletionRequest(input, Map.of(), decoding, 0, false),
                                new StageListener() {
                                    @Override
                                    public void wrote(
                                            String stage,
                                            String text,
                                            List<TokenProbability> tokens) {
                                        streamed.append(text);
                                    }
                                },
                                Cancellation.NONE);
        assertThat(streamed).hasToString(completion.text());
        return completion;
    }

    private static Input chat(String text) {
        return new Input.Chat(List.of(new ChatMessage("user", text)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    none        ; bcd
                    <|x|>       ; b
                    b<|x|>      ; ''
                    <|x|>c      ; b
                    d           ; bc
                    bc          ; ''
                    |x|         ; bcd
                    x|>c        ; bcd
                    d<|endoftext|> ; bc
                    """)
    void aStopStringMaySpellSpecialTokens(String stop, String text) {
        for (String model : List.of("base", "tiny/last")) {
            Completion completion =
                    complete(model, new Input.Text("a"), Ending.DEFAULT, "zzz", stop);
            assertThat(completion.text()).isEqualTo(text);
            assertThat(completion.finishReason()).isEqualTo(FinishReason.STOP);
        }
        assertThat(complete("tiny", new Input.Text("a"), Ending.DEFAULT, stop).text())
                .isEqualTo(text);
    }

    @Test
    void soMayAStopStringInTheYaml() {
        Stack stack = Stacks.open(folder, STAGES.formatted("<|x|>"));
        assertThat(Stacks.answer(stack, "a").text()).isEqualTo("b");
    }

    @Test
    void tokensMayEndAText() {
        int c = Tokenizer.load(folder.resolve("base")).encode("c")[0];
        Ending atC = new Ending(List.of(c), false, false);
        assertThat(complete("base", new Input.Text("a"), atC).text()).isEqualTo("b");
        assertThat(complete("base", new Input.Text("a"), atC).tokens())
                .extracting(TokenProbability::text)
                .containsExactly("b", "<|x|>");
        Ending withC = new Ending(List.of(c), true, false);
        assertThat(complete("base", new Input.Text("a"), withC).text()).isEqualTo("bc");
        assertThat(complete("base", new Input.Text("a"), withC).finishReason())
                .isEqualTo(FinishReason.STOP);
    }

    @Test
    void aStopStringMayBePartOfTheText() {
        Ending included = new Ending(List.of(), true, false);
        assertThat(complete("base", new Input.Text("a"), included, "c").text()).isEqualTo("bc");
        assertThat(complete("base", new Input.Text("a"), included, "<|x|>").text())
                .isEqualTo("b<|x|>");
    }

    @Test
    void specialTokensMayBePartOfTheText() {
        Ending kept = new Ending(List.of(), false, true);
        Completion completion = complete("base", new Input.Text("a"), kept);
        assertThat(completion.text()).isEqualTo("b<|x|>cd<|endoftext|>");
        assertThat(completion.tokens())
                .extracting(TokenProbability::offset)
                .containsExactly(0, 1, 6, 7);
    }

    @Test
    void aStackRefusesByNameWhatItCannotDo() {
        for (Ending ending :
                List.of(
                        new Ending(List.of(1), false, false),
                        new Ending(List.of(), true, false),
                        new Ending(List.of(), false, true))) {
            assertThatThrownBy(() -> complete("tiny", new Input.Text("a"), ending))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("ask the base base");
        }
        assertThatThrownBy(() ->
                        complete(
                                "tiny",
                                new Input.Chat(
                                        List.of(new ChatMessage("user", "a")),
                                        new TemplateVariables(Map.of("enable_thinking", false))),
                                Ending.DEFAULT))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("chat_template_kwargs");
    }

    @Test
    void variablesReachTheChatTemplate() {
        List<ChatMessage> hi = List.of(new ChatMessage("user", "hi"));
        assertThat(
                        complete(
                                        "base",
                                        new Input.Chat(
                                                hi,
                                                new TemplateVariables(
                                                        Map.of("enable_thinking", false))),
                                        Ending.DEFAULT)
                                .text())
                .isEqualTo("bcd");
        assertThat(
                        complete(
                                        "base",
                                        new Input.Chat(
                                                hi,
                                                new TemplateVariables(
                                                        Map.of("enable_thinking", true))),
                                        Ending.DEFAULT)
                                .text())
                .isEqualTo("\tk\n");
    }

    @Test
    void anAnswerOfABaseKeepsItsWhiteSpace() {
        assertThat(complete("base", chat("hi"), Ending.DEFAULT).text()).isEqualTo("\tk\n");
        Stack stack =
                Stacks.open(
                        folder, "- {name: last, prompt: [{user: \"{{input}}\"}], adapter: none}\n");
        assertThat(Stacks.answer(stack, "hi").text()).isEqualTo("\tk\n");
    }

    @Test
    void tokensAreFoundWhereTheyAre() {
        int[] ids = Tokenizer.load(folder.resolve("base")).encode("a<|x|>bc");
        for (Input prompt :
                List.of(
                        new Input.Text("a<|x|>bc"),
                        new Input.Tokens(Arrays.stream(ids).boxed().toList()))) {
            boolean isText = prompt instanceof Input.Text;
            Completion completion =
                    model("base")
                            .complete(
                                    new CompletionRequest(
                                            prompt,
                                            Map.of(),
                                            new DecodingRequest(
                                                    8, SamplingParams.Overrides.NONE, List.of()),
                                            0,
                                            true),
                                    StageListener.NONE,
                                    Cancellation.NONE);
            assertThat(completion.prompt())
                    .extracting(TokenProbability::text)
                    .containsExactly("a", "<|x|>", "b", "c");
            assertThat(completion.prompt())
                    .extracting(TokenProbability::offset)
                    .containsExactly(0, 1, isText ? 6 : 1, isText ? 7 : 2);
            assertThat(completion.text()).isEqualTo("d");
        }
        assertThat(complete("base", new Input.Text("a"), Ending.DEFAULT).tokens())
                .extracting(TokenProbability::offset)
                .containsExactly(0, 1, 1, 2);
        assertThat(complete("base", new Input.Text("a"), Ending.DEFAULT, "cd").tokens())
                .as("none lies beyond the text")
                .extracting(TokenProbability::offset)
                .containsExactly(0, 1, 1, 1);
    }
}
