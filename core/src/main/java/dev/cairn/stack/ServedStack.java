package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.engine.OpenBase;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.StageListener;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.Ending;
import dev.cairn.text.completion.ModelCard;
import dev.cairn.text.completion.RequestException;
import dev.cairn.text.template.ChatTranscript;
import dev.cairn.text.template.TemplateVariables;
import java.util.List;

/** A stack as a server offers it. What is asked, in whatever form, is the stack's input. */
record ServedStack(ModelCard card, Stack stack, OpenBase base) implements ServedOnBase {
    static ServedStack of(Stack stack, OpenBase base) {
        StackConfig config = stack.config();
        return new ServedStack(
                new ModelCard(
                        config.name(),
                        ModelCard.Kind.STACK,
                        config.description(),
                        config.baseName(),
                        names(config),
                        base.window()),
                stack,
                base);
    }

    static List<String> names(StackConfig config) {
        return config.stages().stream().map(StageConfig::name).toList();
    }

    @Override
    public Completion complete(
            CompletionRequest request, StageListener listener, Cancellation cancellation) {
        if (request.echo()) {
            throw new RequestException(
                    "echo",
                    "%s reads its input through the prompts of its stages, so the input's own tokens have no probability; ask one of its stages or its base"
                            .formatted(card.id()));
        }
        checkGiven(request);
        checkEnding(request.decoding().ending());
        String input = input(request.input());
        Stack asked = asked(request);
        return asked.run(input, request.given(), listener, cancellation, request.topLogprobs())
                .completion();
    }

    private void checkEnding(Ending ending) {
        if (!ending.stopTokenIds().isEmpty()) {
            throw notHere("stop_token_ids");
        }
        if (ending.includesStop()) {
            throw notHere("include_stop_str_in_output");
        }
        if (ending.keepsSpecialTokens()) {
            throw notHere("skip_special_tokens");
        }
    }

    private RequestException notHere(String field) {
        return new RequestException(
                field,
                "%s: the stages of %s read and write as they were trained; leave it out, or ask the base %s"
                        .formatted(field, card.id(), card.base()));
    }

    /** Without the texts that the stages' prompts add. */
    @Override
    public int promptTokens(List<ChatMessage> messages, TemplateVariables variables) {
        return tokenize(ChatTranscript.input(messages)).length;
    }

    private void checkGiven(CompletionRequest request) {
        for (String name : request.given().keySet()) {
            if (!card.stages().contains(name)) {
                throw new RequestException(
                        "cairn.set",
                        "%s has no stage %s to set; its stages are %s"
                                .formatted(card.id(), name, String.join(", ", card.stages())));
            }
        }
    }

    private Stack asked(CompletionRequest request) {
        try {
            return stack.asked(request.decoding());
        } catch (CairnException e) {
            throw new RequestException(null, String.valueOf(e.getMessage()));
        }
    }

    private String input(Input input) {
        if (input instanceof Input.Chat chat && !chat.templateVariables().isEmpty()) {
            throw notHere("chat_template_kwargs");
        }
        String text =
                switch (input) {
                    case Input.Chat chat -> ChatTranscript.input(chat.messages());
                    case Input.Text given -> given.text();
                    case Input.Tokens tokens ->
                            detokenize(tokens.ids().stream().mapToInt(id -> id).toArray());
                };
        if (text.isBlank()) {
            throw new RequestException(
                    input instanceof Input.Chat ? "messages" : "prompt",
                    "the input is empty; expected a string");
        }
        return text;
    }
}
