package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.engine.OpenBase;
import dev.cairn.stack.engine.RawModel;
import dev.cairn.stack.engine.Stage;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.StageListener;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.ModelCard;
import dev.cairn.text.completion.RequestException;
import dev.cairn.text.template.ChatTemplate;
import dev.cairn.text.template.ChatTranscript;
import dev.cairn.text.template.TemplateVariables;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A base by itself as a server offers it. It answers a chat through its chat template; where it has
 * none, it goes on writing the conversation.
 */
record ServedBase(ModelCard card, RawModel raw, OpenBase base, @Nullable ChatTemplate template)
        implements ServedOnBase {
    static ServedBase of(StackConfig plain, Stage stage, OpenBase base) {
        return new ServedBase(
                new ModelCard(
                        plain.baseName(),
                        ModelCard.Kind.BASE,
                        "",
                        plain.baseName(),
                        List.of(),
                        base.window()),
                new RawModel(stage, base),
                base,
                ChatTemplate.load(plain.baseModel()).orElse(null));
    }

    @Override
    public Completion complete(
            CompletionRequest request, StageListener listener, Cancellation cancellation) {
        return switch (request.input()) {
            case Input.Chat chat ->
                    raw.complete(
                            conversation(chat.messages(), chat.templateVariables()),
                            template == null,
                            request,
                            listener,
                            cancellation);
            case Input.Text text -> raw.complete(text.text(), request, listener, cancellation);
            case Input.Tokens tokens -> raw.complete(tokens.ids(), request, listener, cancellation);
        };
    }

    @Override
    public int promptTokens(List<ChatMessage> messages, TemplateVariables variables) {
        return tokenize(conversation(messages, variables)).length;
    }

    /** Without a template, nothing makes the model think. */
    private static boolean isMet(TemplateVariables variables) {
        return variables.isEmpty() || variables.values().equals(Map.of("enable_thinking", false));
    }

    private String conversation(List<ChatMessage> messages, TemplateVariables variables) {
        if (template == null && !isMet(variables)) {
            throw new RequestException(
                    "chat_template_kwargs",
                    "%s has no chat template that could use chat_template_kwargs; leave them out"
                            .formatted(card.id()));
        }
        try {
            return template == null
                    ? ChatTranscript.input(messages)
                    : template.render(messages, true, variables);
        } catch (CairnException e) {
            throw new RequestException("messages", String.valueOf(e.getMessage()));
        }
    }
}
