package dev.cairn.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.cairn.CairnException;
import dev.cairn.text.ChatMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Conversations through templates, character for character what transformers renders. Templates and
 * expected texts: {@code tools/goldens/chat_templates.py}; another folder it has filled is compared
 * with {@code -Dcairn.chatTemplates=FOLDER}.
 */
class ChatTemplateGoldenTest {
    private static final Path FOLDER =
            Path.of(
                    System.getProperty(
                            "cairn.chatTemplates", "core/src/test/resources/chat-templates"));
    private static final JsonNode EXPECTED =
            JsonMapper.shared().readTree(FOLDER.resolve("expected.json"));
    private static final Clock CLOCK =
            Clock.fixed(
                    LocalDateTime.of(2024, 2, 9, 15, 4, 5).toInstant(ZoneOffset.UTC),
                    ZoneOffset.UTC);

    @TempDir Path directory;

    @TestFactory
    Stream<DynamicTest> rendersWhatTransformersRenders() {
        return EXPECTED.path("templates").properties().stream()
                .map(t ->
                        DynamicTest.dynamicTest(
                                t.getKey(), () -> compare(t.getKey(), t.getValue())));
    }

    @Test
    void theFixtureCoversTheRealOnesConstructs() {
        assertThat(EXPECTED.path("templates").size()).isGreaterThanOrEqualTo(8);
        assertThat(EXPECTED.path("conversations").size()).isGreaterThanOrEqualTo(15);
    }

    private void compare(String name, JsonNode cases) throws IOException {
        Path model = Files.createDirectories(directory.resolve(name));
        Files.copy(FOLDER.resolve(name), model.resolve("chat_template.jinja"));
        JsonMapper.shared()
                .writeValue(model.resolve("tokenizer_config.json"), EXPECTED.path("special"));
        ChatTemplate template = ChatTemplate.load(model, CLOCK).orElseThrow();
        List<String> differences = new ArrayList<>();
        for (JsonNode expected : cases) {
            String difference = difference(template, expected);
            if (difference != null) {
                differences.add(difference);
            }
        }
        if (!differences.isEmpty()) {
            fail(
                    differences.size()
                            + " of "
                            + cases.size()
                            + ": "
                            + String.join("\n", differences));
        }
    }

    private static @Nullable String difference(ChatTemplate template, JsonNode expected) {
        String conversation = expected.path("conversation").asString();
        boolean add = expected.path("addGenerationPrompt").asBoolean();
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode m : EXPECTED.path("conversations").path(conversation)) {
            messages.add(new ChatMessage(m.path("role").asString(), m.path("content").asString()));
        }
        String found;
        try {
            found = template.render(messages, add, variables(expected));
        } catch (CairnException e) {
            return expected.has("error")
                    ? null
                    : conversation + " " + add + ": ERROR " + e.getMessage();
        }
        if (expected.has("error")) {
            return "%s %s: RENDERED where transformers fails: %s"
                    .formatted(conversation, add, expected.path("error").asString());
        }
        String wanted = expected.path("text").asString();
        return found.equals(wanted)
                ? null
                : "%s %s: DIFFERENT\n  wanted %s\n  found  %s"
                        .formatted(conversation, add, quote(wanted), quote(found));
    }

    private static TemplateVariables variables(JsonNode expected) {
        return expected.has("variables")
                ? new TemplateVariables(
                        JsonMapper.shared()
                                .convertValue(
                                        expected.path("variables"),
                                        new TypeReference<Map<String, @Nullable Object>>() {}))
                : TemplateVariables.NONE;
    }

    private static String quote(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
