package dev.cairn.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.tokenizer.BpeTrainer;
import dev.cairn.text.tokenizer.TestTokenizers;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where template and special tokens come from; the language: ChatTemplateGoldenTest. */
class ChatTemplateTest {
    private static final List<ChatMessage> HELLO = List.of(new ChatMessage("user", "hello"));

    @TempDir Path directory;

    private void write(String name, String text) {
        AtomicFiles.writeString(directory.resolve(name), text.replace('\'', '"'));
    }

    private String render() {
        return ChatTemplate.load(directory).orElseThrow().render(HELLO, true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'chat_template': 'text'} | text",
                "{'chat_template': [{'name':'tool_use','template':'t'},{'name':'default','template':'d'}]} | d",
                "{'chat_template': '{{ bos_token }}', 'bos_token': '<s>'} | <s>",
                "{'chat_template': '{{ bos_token }}', 'bos_token': {'content': '<s>', 'special': true}} | <s>",
                "{'chat_template': '{{ bos_token is defined }}', 'bos_token': null} | False",
                "{'chat_template': '{{ tools is none }}{{ messages[0].content }}'} | Truehello"
            })
    void theConfigHoldsTemplateAndSpecialTokens(String config, String rendered) {
        write("tokenizer_config.json", config);
        assertThat(render()).isEqualTo(rendered);
    }

    @Test
    void aFileOfItsOwnComesFirst() {
        write("tokenizer_config.json", "{'chat_template': 'config', 'eos_token': 'E'}");
        write("chat_template.jinja", "own {{ eos_token }}");
        assertThat(render()).isEqualTo("own E");
    }

    @Test
    void theOlderListOfSpecialTokensCountsWhereThereIsNoNewerOne() {
        write("chat_template.jinja", "{{ eos_token }}");
        write("special_tokens_map.json", "{'eos_token': {'content': 'map'}}");
        write("tokenizer_config.json", "{'eos_token': 'config'}");
        assertThat(render()).isEqualTo("map");
        write("tokenizer_config.json", "{'eos_token': 'config', 'added_tokens_decoder': {}}");
        assertThat(render()).isEqualTo("config");
    }

    @Test
    void aModelMayHaveNone() {
        assertThat(ChatTemplate.load(directory)).isEmpty();
        write("tokenizer_config.json", "{'eos_token': 'E', 'chat_template': null}");
        assertThat(ChatTemplate.load(directory)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'chat_template': 7} | chat_template: expected a string, or a list",
                "{'chat_template': [{'name':'tool_use','template':'t'}]} | one entry named default",
                "{'chat_template': [7]} | one entry named default",
                "{'eos_token': 7} | eos_token: expected a string or an object with content",
                "{'eos_token': {}} | eos_token: expected a string or an object with content",
                "[] | expected a JSON object",
                "{'a': | not valid JSON at line 1",
                "{'chat_template': '{% if %}'} | chat template, line 1"
            })
    void aDamagedConfigIsNamed(String config, String message) {
        write("tokenizer_config.json", config);
        assertThatThrownBy(() -> ChatTemplate.load(directory))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(directory.resolve("tokenizer_config.json") + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void aConversationHasAtLeastOneMessage() {
        write("chat_template.jinja", "x");
        ChatTemplate template = ChatTemplate.load(directory).orElseThrow();
        assertThatThrownBy(() -> template.render(List.of(), true))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected at least one message");
    }

    @Test
    void specialTokensInTheRenderedTextBecomeTokens() {
        Tokenizer tokenizer = TestTokenizers.tiny(directory);
        write("chat_template.jinja", "{{ messages[0].content ~ eos_token }}");
        int[] ids = tokenizer.encode(render());
        assertThat(ids[ids.length - 1])
                .isEqualTo(tokenizer.tokenId(BpeTrainer.END_OF_TEXT).orElseThrow());
    }
}
