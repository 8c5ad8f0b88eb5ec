package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.cli.terminal.Interrupts;
import dev.cairn.support.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;
import sun.misc.SignalHandler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn chat}, and {@code cairn run} with a model. */
@Tag("long")
class ChatTest {
    private static final String TEMPLATE =
            "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
                    + "{% if add_generation_prompt %}assistant:{% endif %}";

    @TempDir private static Path shared;
    private static Path base;
    private static Path chatBase;
    private static Path stack;

    @BeforeAll
    static void train() throws Exception {
        base = TinyBase.in(shared);
        chatBase = TinyBase.in(shared.resolve("chat"));
        AtomicFiles.writeString(chatBase.resolve("chat_template.jinja"), TEMPLATE);
        stack = TinyBase.stack(shared, base);
        Cli.Result result = Cli.cairn("train", stack);
        assertThat(result.status()).as(result.err()).isZero();
    }

    private static Cli.Result chat(String lines, Object... args) {
        return Cli.cairnReading(lines, "chat", List.of(args));
    }

    private static JsonNode json(Object... args) {
        Cli.Result result = Cli.cairn("run", List.of(args), "--json");
        assertThat(result.status()).as(result.err()).isZero();
        return JsonMapper.shared().readTree(result.out());
    }

    @Test
    void aModelAnswersAQuestionWithoutAYaml() {
        JsonNode json = json(chatBase, "Where?", "--max-tokens", 5, "--system", "Be brief.");
        JsonNode stage = json.path("stages").path(0);
        assertThat(stage.path("prompt").stringValue())
                .isEqualTo("system: Be brief.\nuser: Where?\nassistant:");
        assertThat(stage.path("completion_tokens").intValue()).isBetween(1, 5);

        Cli.Result text =
                Cli.cairnReading(
                        "Where?\n",
                        "run",
                        chatBase,
                        "-",
                        "--max-tokens",
                        5,
                        "--system",
                        "Be brief.");
        assertThat(text.out()).isEqualTo(json.path("answer").stringValue() + "\n");
    }

    @Test
    void aModelWithoutATemplateContinuesTheInput() {
        JsonNode json = json(base, "Emma went", "--max-tokens", 3, "--temperature", 0.5);
        JsonNode stage = json.path("stages").path(0);
        assertThat(stage.path("prompt").stringValue()).isEqualTo("Emma went");
        assertThat(stage.at("/sampling/temperature").doubleValue()).isEqualTo(0.5);
        Cli.Result cut = Cli.cairn("run", base, "Emma went", "--max-tokens", 3);
        assertThat(cut.err()).isEqualTo("(cut after 3 tokens, the limit; --max-tokens sets it)\n");
    }

    @Test
    void anAdapterAnswersOnItsBase() {
        JsonNode stage =
                json(shared.resolve("adapters/focus"), "Emma went", "--max-tokens", 3)
                        .at("/stages/0");
        assertThat(stage.path("adapter_digest").stringValue()).matches("[0-9a-f]{64}");
        assertThat(stage.path("base").stringValue()).isEqualTo("base");
    }

    @Test
    void decodingOptionsChangeTheLastStageOfAStack() {
        JsonNode stages = json(stack, "Where?", "--max-tokens", 2, "--seed", 9).path("stages");
        assertThat(stages.path(1).path("completion_tokens").intValue()).isLessThanOrEqualTo(2);
        assertThat(stages.path(0).at("/sampling/seed").intValue()).isEqualTo(9);
    }

    @Test
    void variablesReachTheModelsTemplate() {
        AtomicFiles.writeString(
                chatBase.resolve("chat_template.jinja"),
                TEMPLATE + "{% if enable_thinking is false %} no thoughts,{% endif %}");
        try {
            String variables = "{\"enable_thinking\": false}";
            JsonNode json =
                    json(
                            chatBase,
                            "Where?",
                            "--max-tokens",
                            1,
                            "--chat-template-kwargs",
                            variables);
            assertThat(json.at("/stages/0/prompt").stringValue())
                    .isEqualTo("user: Where?\nassistant: no thoughts,");
        } finally {
            AtomicFiles.writeString(chatBase.resolve("chat_template.jinja"), TEMPLATE);
        }
        for (String wrong : List.of("{", "[1]", "3", "null", "{\"messages\": 1}")) {
            assertOneLine(
                    Cli.cairn("run", chatBase, "x", "--chat-template-kwargs", wrong),
                    "--chat-template-kwargs: ");
        }
    }

    @Test
    void whatGoesWithTheOtherKindIsRefused() {
        assertOneLine(Cli.cairn("run", stack, "x", "--system", "s"), "--system goes with a model");
        assertOneLine(
                Cli.cairn("run", stack, "x", "--chat-template-kwargs", "{}"),
                "--chat-template-kwargs goes with a model");
        assertOneLine(
                Cli.cairn("run", base, "x", "--output", shared), "--output goes with a stack");
        assertOneLine(Cli.cairn("run", base, "x", "--set", "a=b"), "--set goes with a stack");
        assertOneLine(Cli.cairn("run", base, "x", "--locked"), "--locked goes with a stack");
        assertOneLine(
                Cli.cairn("run", base, "x", "--system", "s"), "no chat template", "(--system)");
        assertOneLine(
                Cli.cairn("run", base, "x", "--temperature", -1), "temperature: expected 0 to 100");
        assertOneLine(Cli.cairn("run", base, "x", "--max-tokens", 0), "--max-tokens");
        assertOneLine(Cli.cairn("run", base, "x", "--stop", ""), "--stop");
        assertOneLine(
                Cli.cairn("run", shared.resolve("none"), "x"), "none: no such model directory");
        assertOneLine(Cli.cairn("run", base, "a ".repeat(400)), "context window is 160");
    }

    private static void assertOneLine(Cli.Result result, String... parts) {
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).startsWith("cairn: ").contains(parts);
    }

    @Test
    void aPipeGivesOneAnswerForEachLineAndNoPrompt() {
        Cli.Result one = chat("Where?\n", chatBase, "--max-tokens", 4, "--stop", "\n");
        assertThat(one.status()).isZero();
        assertThat(one.out()).doesNotContain(">").endsWith("\n");

        Cli.Result again =
                chat(
                        "Where?\n\n/clear\n  Where?  \n/exit\nnever asked\n",
                        chatBase,
                        "--max-tokens",
                        4,
                        "--stop",
                        "\n");
        assertThat(again.status()).isZero();
        assertThat(again.out()).isEqualTo(one.out() + one.out());
        assertThat(again.err()).contains("forgotten; the next message begins a new conversation");
    }

    @Test
    void theHistoryIsReadAndWhatNoLongerFitsIsSaid() {
        Cli.Result result =
                chat(
                        "One.\nTwo.\n" + "This is a longer one, as others are.\n".repeat(9),
                        chatBase,
                        "--max-tokens",
                        8,
                        "--trace");
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("  | user: One.\n  | assistant: ", "\n  | user: Two.\n  | assistant:");
        assertThat(result.err()).containsPattern("oldest [0-9]+ messages no longer fit");
    }

    @Test
    void aStackShowsItsStagesWithTrace() {
        Cli.Result result = chat("Where is Emma?\n", stack, "--trace");
        assertThat(result.out()).contains("focus, asked:\n", "answer, says:\n");
        assertThat(chat("Where is Emma?\n", stack).out())
                .isEqualTo(Cli.cairn("run", stack, "Where is Emma?").out());
    }

    @Test
    void aMessageThatCannotBeAnsweredIsOneLineAndTheRestIsAnswered() {
        Cli.Result result =
                chat(
                        "a ".repeat(400) + "\n/foo\nHi\n",
                        chatBase,
                        "--max-tokens",
                        3,
                        "--stop",
                        "\n");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).hasLineCount(1);
        assertThat(result.err())
                .contains("cairn: the prompt has ", "/foo: no such command; /clear forgets");
    }

    /** The signal arrives on a thread of the JVM, at any time. */
    @Test
    @Timeout(60)
    void ctrlCCancelsTheAnswerThatIsBeingWritten() {
        Signal signal = new Signal("INT");
        SignalHandler before = Signal.handle(signal, SignalHandler.SIG_DFL);
        Signal.handle(signal, before);
        assumeTrue(
                before != SignalHandler.SIG_IGN,
                "a terminal: jobs that a shell starts in the background ignore ctrl-C");
        try (Interrupts interrupts = Interrupts.listen()) {
            interrupts.begin();
            interrupts.check();
            Signal.raise(signal);
            boolean isCancelled = false;
            while (!isCancelled) {
                try {
                    interrupts.check();
                    assertThat(Thread.interrupted()).as("the time is up").isFalse();
                } catch (CancellationException e) {
                    isCancelled = true;
                }
            }
            interrupts.begin();
            interrupts.check(); // the next answer is another one
            interrupts.end();
        }
    }
}
