package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.support.AtomicFiles;
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
