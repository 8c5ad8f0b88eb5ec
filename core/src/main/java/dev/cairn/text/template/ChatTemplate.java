package dev.cairn.text.template;

import dev.cairn.CairnException;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.jinja.JinjaTemplate;
import dev.cairn.text.tokenizer.ChatTemplateFiles;
import dev.cairn.text.tokenizer.Texts;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model's {@code chat_template}, which turns a conversation into its prompt. Rendered like {@code
 * apply_chat_template} of transformers, without tools and documents.
 */
public final class ChatTemplate {
    private final JinjaTemplate template;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    private ChatTemplate(JinjaTemplate template, Map<String, String> specialTokens, Clock clock) {
        this.template = template;
        this.specialTokens = specialTokens;
        this.clock = clock;
    }

    /**
     * Loads a model's template from {@code chat_template.jinja} or, if there is no such file, from
     * {@code chat_template} in {@code tokenizer_config.json}; of several templates it takes the one
     * named default. The template may use the special tokens of {@code tokenizer_config.json}.
     *
     * @return empty if the model has no template
     * @throws dev.cairn.CairnException if a file is damaged or the template is not valid Jinja
     */
    public static Optional<ChatTemplate> load(Path modelDirectory) {
        return load(modelDirectory, Clock.system(ZoneId.systemDefault()));
    }

    static Optional<ChatTemplate> load(Path modelDirectory, Clock clock) {
        ChatTemplateFiles files = ChatTemplateFiles.read(modelDirectory);
        return files.template()
                .map(source ->
                        new ChatTemplate(
                                JinjaTemplate.parse(source.text(), source.file().toString()),
                                files.specialTokens(),
                                clock));
    }

    /** Renders the conversation without further variables. */
    public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
        return render(messages, addGenerationPrompt, TemplateVariables.NONE);
    }

    /**
     * Renders the conversation as the model reads it.
     *
     * @param addGenerationPrompt whether to append the text that begins the assistant's answer
     * @param further variables beside the conversation; one that has the name of a special token
     *     replaces it, as in transformers
     * @throws dev.cairn.CairnException if the template rejects the messages, for example because of
     *     an unknown role, or uses an unsupported feature
     */
    public String render(
            List<ChatMessage> messages, boolean addGenerationPrompt, TemplateVariables further) {
        if (messages.isEmpty()) {
            throw new CairnException("chat template: expected at least one message, found none");
        }
        Map<String, @Nullable Object> variables = new LinkedHashMap<>(specialTokens);
        variables.putAll(further.values());
        variables.put("messages", messages.stream().map(ChatTemplate::variables).toList());
        variables.put("tools", null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", addGenerationPrompt);
        return template.render(variables, clock);
    }

    private static Map<String, String> variables(ChatMessage message) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("role", message.role());
        variables.put("content", Texts.wellFormed(message.content()));
        return variables;
    }
}
