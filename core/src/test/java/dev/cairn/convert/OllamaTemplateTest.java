package dev.cairn.convert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.support.AtomicFiles;
import dev.cairn.text.template.ChatTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The written templates were run by Go's text/template as well: docs/chat-templates.md. */
class OllamaTemplateTest {
    @TempDir Path directory;

    private Optional<OllamaTemplate> of(String template) {
        AtomicFiles.writeString(directory.resolve("chat_template.jinja"), template);
        AtomicFiles.writeString(
                directory.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"}}");
        return OllamaTemplate.of(ChatTemplate.load(directory).orElseThrow());
    }

    private Optional<OllamaTemplate> shipped(String name) throws Exception {
        return of(
                Files.readString(Path.of("core/src/test/resources/chat-templates").resolve(name)));
    }

    @Test
    void aTextPromptIsPassedOn() {
        assertThat(OllamaTemplate.ofText())
                .isEqualTo(new OllamaTemplate("{{ .Prompt }}", List.of()));
    }

    @Test
    void chatMl() throws Exception {
        assertThat(shipped("chatml.jinja"))
                .contains(
                        new OllamaTemplate(
                                """
                                {{ if .System }}<|im_start|>system
                                {{ .System }}<|im_end|>
                                {{ end }}{{ range .Messages }}{{ if eq .Role "user" }}<|im_start|>user
                                {{ .Content }}<|im_end|>
                                {{ else if eq .Role "assistant" }}<|im_start|>assistant
                                {{ .Content }}<|im_end|>
                                {{ end }}{{ end }}<|im_start|>assistant
                                """,
                                List.of("<|im_end|>")));
    }

    @Test
    void aDefaultSystemMessageStandsForAMissingOne() throws Exception {
        assertThat(shipped("default-system.jinja").orElseThrow().template())
                .startsWith(
                        """
                        {{ if .System }}<|im_start|>system
                        {{ .System }}<|im_end|>
                        {{ else }}<|im_start|>system
                        You answer questions.<|im_end|>
                        {{ end }}\
                        """);
    }

    @Test
    void aTemplateThatRefusesSystemMessagesHasNone() throws Exception {
        OllamaTemplate template = shipped("no-system.jinja").orElseThrow();
        assertThat(template.template())
                .startsWith("<s>{{ range .Messages }}")
                .doesNotContain(".System");
        assertThat(template.stop()).containsExactly("<end_of_turn>");
    }

    @Test
    void bracesAndQuotesBecomeGoStrings() {
        String turns =
                "{% for m in messages %}{{ '{{\"' + m.role + '\\\\{' + m.content + '\"\"\"|\\n' }}{% endfor %}"
                        + "{% if add_generation_prompt %}{{ '{{\"assistant\\\\{' }}{% endif %}";
        assertThat(of(turns).orElseThrow().template())
                .contains("{{ \"{{\\\"user\\\\{\" }}{{ .Content }}{{ \"\\\"\\\"\\\"|\\n\" }}")
                .endsWith("{{ \"{{\\\"assistant\\\\{\" }}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The last message looks different.
                "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% if not loop.last %};{% endif %}{% endfor %}",
                // Only the first user's text follows the system's.
                "{% for m in messages %}{{ loop.index }}{{ m.role }}{{ m.content }}{% endfor %}",
                // A text is written twice, changed, or left out.
                "{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}",
                "{% for m in messages %}[{{ m.role }}]{{ m.content | upper }};{% endfor %}",
                "{% for m in messages %}[{{ m.role }}]{{ m.content | replace('\\n', ' ') }};{% endfor %}",
                "{{ messages[-1].content }}",
                "{{ raise_exception('never') }}"
            })
    void whatHasNoSimpleShapeIsNotWritten(String template) {
        assertThat(of(template)).isEmpty();
    }

    @Test
    void aSystemMessageInsideTheFirstQuestionHasNoSimpleShape() throws Exception {
        assertThat(shipped("inst.jinja")).isEmpty();
        assertThat(shipped("header-turns.jinja").orElseThrow().stop())
                .containsExactly("<|eot_id|>");
    }

    @Test
    void whatTheReaderPutsFirstItselfIsLeftOut() {
        OllamaTemplate template = new OllamaTemplate("<s>{{ .Prompt }}", List.of("</s>"));

        assertThat(template.without("<s>").template()).isEqualTo("{{ .Prompt }}");
        assertThat(template.without("<s>").stop()).containsExactly("</s>");
        assertThat(template.without("<bos>")).isEqualTo(template);
    }
}
