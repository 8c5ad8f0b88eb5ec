package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.StageTrace;
import dev.cairn.text.template.Template;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatPromptTest {
    private static final String TEMPLATE =
            "{% for m in messages %}<{{ m.role }}>{{ m.content }};{% endfor %}"
                    + "{% if add_generation_prompt %}@{% endif %}";
    private static final String MESSAGES =
            """
            - name: a
              adapter: none
              prompt:
                - system: Say.
                - user: "{{input}}!"
            """;

    @TempDir Path directory;

    private void base(boolean hasTemplate) {
        Path base = TinyBases.chains(directory.resolve("base"), "@yes", "#no");
        if (hasTemplate) {
            AtomicFiles.writeString(base.resolve("chat_template.jinja"), TEMPLATE);
        }
    }

    @Test
    void messagesGoThroughTheBasesChatTemplateWithTheGenerationPrompt() {
        base(true);
        var trace = Stacks.trace(Stacks.open(directory, MESSAGES), "x");
        assertThat(trace.prompt()).isEqualTo("<system>Say.;<user>x!;@");
        assertThat(trace.output()).isEqualTo("yes");
    }

    /** The stack's variables, of which a stage may change some. */
    @Test
    void theTemplateSeesTheVariablesOfTheYaml() {
        base(true);
        AtomicFiles.writeString(
                directory.resolve("base/chat_template.jinja"),
                "{% for m in messages %}{{ m.content }};{% endfor %}{{ enable_thinking }} {{ mood }}@");
        Stack stack =
                open(
                        """
                        - name: a
                          adapter: none
                          prompt:
                            - user: "{{input}}"
                        - name: b
                          adapter: none
                          chat_template_kwargs: {enable_thinking: true}
                          prompt:
                            - user: "{{a}}"
                        """,
                        "chat_template_kwargs: {enable_thinking: false, mood: calm}");
        var answer = stack.answer("x", Map.of(), new Stacks.Notes());
        assertThat(answer.stages())
                .extracting(StageTrace::prompt)
                .containsExactly("x;False calm@", "yes;True calm@");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | {messages: 1} | stages[0].chat_template_kwargs: messages: set by the conversation itself; remove it from the variables",
                "{tools: 1} | '' | chat_template_kwargs: tools: set by the conversation itself; remove it from the variables",
                "'' | {n: 12345678901234567890} | stages[0].chat_template_kwargs: n: expected text, a number within the range of long or double, true, false, null, a list or an object, found 12345678901234567890"
            })
    void variablesThatCannotBeAreNamedWithTheirKey(String all, String own, String message) {
        base(true);
        assertThatThrownBy(() -> open(withKwargs(own), kwargs(all)))
                .isInstanceOf(CairnException.class)
                .hasMessage(directory.resolve("stack.yaml") + ": " + message);
    }

    @Test
    void variablesForATemplateThatNoPromptUsesAreAMistake() {
        base(true);
        String text = "- {name: a, adapter: none, prompt: \"{{input}}\"";
        assertThatThrownBy(() -> open(text + ", chat_template_kwargs: {a: 1}}", ""))
                .hasMessageContaining("stages[0].chat_template_kwargs: for a chat template, but");
        assertThatThrownBy(() -> open(text + "}", kwargs("{a: 1}")))
                .hasMessageContaining("stack.yaml: chat_template_kwargs: for a chat template, but");
    }

    private Stack open(String stages, String keys) {
        StackConfig config =
                Stacks.load(
                        directory,
                        """
                        name: tiny
                        base_model: base
                        output_dir: out
                        decoding: {max_new_tokens: 8}
                        %s
                        stages:
                        %s\
                        """
                                .formatted(keys, stages.indent(2)));
        return Stack.open(config, config.outputDir());
    }

    private static String withKwargs(String own) {
        return own.isEmpty()
                ? MESSAGES
                : MESSAGES.replace("  prompt:", "  chat_template_kwargs: " + own + "\n  prompt:");
    }

    private static String kwargs(String all) {
        return all.isEmpty() ? "" : "chat_template_kwargs: " + all;
    }

    @Test
    void whatTheUserWritesIsNoTemplate() {
        base(true);
        var trace = Stacks.trace(Stacks.open(directory, MESSAGES), "{{ 1 }}{% x %}{{input}}");
        assertThat(trace.prompt()).isEqualTo("<system>Say.;<user>{{ 1 }}{% x %}{{input}}!;@");
    }

    @Test
    void anEarlierStageIsRunWhenOnlyAMessageReadsIt() {
        base(true);
        Stack stack =
                Stacks.open(
                        directory,
                        """
                        - {name: a, adapter: none, prompt: "{{input}}#"}
                        - {name: unread, adapter: none, prompt: "{{input}}#"}
                        - name: b
                          adapter: none
                          prompt:
                            - user: "{{a}}"
                        """);
        Stacks.Notes notes = new Stacks.Notes();
        var answer = stack.answer("x", Map.of("unread", "edit"), notes);
        assertThat(notes.started).containsExactly("a", "b");
        assertThat(answer.stages().getLast().prompt()).isEqualTo("<user>no;@");
    }

    @Test
    void theTargetBeginsWithoutASpace() {
        StageConfig stage = Stacks.ofStages(directory, MESSAGES).stages().getFirst();
        assertThat(stage.target().render(Map.of("a", "yes"))).isEqualTo("yes");
        assertThat(Template.parse(" {{a}}", "default of a text").render(Map.of("a", "yes")))
                .isEqualTo(" yes");
    }

    @Test
    void aBaseWithoutAChatTemplateIsNamedWithTheKey() {
        base(false);
        assertThatThrownBy(() -> Stacks.open(directory, MESSAGES))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        directory.resolve("stack.yaml")
                                + ": stages[0].prompt: messages need a base with a chat template, but "
                                + directory.resolve("base")
                                + " has none; write the prompt as one text, or use a chat model as the base"
                                + " (for a base from the hub, cairn pull fetches missing files)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    []                    | stages[0].prompt: expected a quoted string or a list of messages, found []
                    3                     | stages[0].prompt: expected a quoted string or a list of messages, found 3
                    {user: x}             | stages[0].prompt: expected a quoted string or a list of messages, found {"user":"x"}
                    [x]                   | stages[0].prompt[0]: expected one role with its text, such as user: ..., found "x"
                    [{user: x, b: y}]     | stages[0].prompt[0]: expected one role with its text, such as user: ..., found {"user":"x","b":"y"}
                    [{user: 3}]           | stages[0].prompt[0]: expected one role with its text, such as user: ..., found {"user":3}
                    [{user: ""}]          | stages[0].prompt[0].user: expected a string of at least one character, found ""
                    [{user: "{{x}}"}]     | stages[0].prompt: {{x}} is not defined by an earlier stage; stage a may use input
                    [{user: "{{#x}}"}]    | stages[0].prompt[0].user: bad template
                    """)
    void messagesThatCannotBeAreNamedWithTheirKey(String prompt, String message) {
        assertThatThrownBy(() -> Stacks.ofStages(directory, "- {name: a, prompt: " + prompt + "}"))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(directory.resolve("stack.yaml") + ": " + message);
    }
}
