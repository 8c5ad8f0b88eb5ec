package dev.cairn.stack;

import dev.cairn.Cancellation;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.engine.OpenBase;
import dev.cairn.stack.engine.RawModel;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.StageListener;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.ModelCard;
import dev.cairn.text.template.TemplateVariables;
import java.util.List;

/**
 * One stage of a stack as a server offers it. In a chat, the stages it reads from run first, and
 * the answer is the stage's output. A text or token ids are continued as they are, with the stage's
 * adapter.
 *
 * @param untilHere the stages it reads from, and the stage itself
 */
record ServedStage(ModelCard card, ServedStack untilHere, RawModel raw) implements ServedOnBase {
    static ServedStage of(Stack stack, String name, OpenBase base) {
        Stack untilHere = stack.until(name);
        StackConfig config = stack.config();
        ModelCard card =
                new ModelCard(
                        config.name() + "/" + name,
                        ModelCard.Kind.STAGE,
                        config.description(),
                        config.baseName(),
                        ServedStack.names(untilHere.config()),
                        base.window());
        return new ServedStage(
                card,
                new ServedStack(card, untilHere, base),
                new RawModel(untilHere.stages().getLast(), base));
    }

    @Override
    public OpenBase base() {
        return untilHere.base();
    }

    @Override
    public int promptTokens(List<ChatMessage> messages, TemplateVariables variables) {
        return untilHere.promptTokens(messages, variables);
    }

    @Override
    public Completion complete(
            CompletionRequest request, StageListener listener, Cancellation cancellation) {
        return switch (request.input()) {
            case Input.Chat chat -> untilHere.complete(request, listener, cancellation);
            case Input.Text text -> raw.complete(text.text(), request, listener, cancellation);
            case Input.Tokens tokens -> raw.complete(tokens.ids(), request, listener, cancellation);
        };
    }
}
