package dev.cairn.remote;

import com.openai.core.JsonField;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.completions.CompletionUsage;
import dev.cairn.CairnException;
import dev.cairn.text.FinishReason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is taken from a completion. Servers leave out much of what OpenAI's always has; only a
 * choice with a message must be there.
 *
 * @param model as the server names it; empty when it does not
 * @param promptTokens 0 when the server does not say
 * @param completionTokens 0 when the server does not say
 */
record Reply(
        String text,
        FinishReason finishReason,
        String model,
        int promptTokens,
        int completionTokens) {
    /**
     * Reads a completion.
     *
     * @param completion null when the server's JSON was {@code null}
     * @throws CairnException when there is no choice, or something else than text in it
     */
    static Reply of(@Nullable ChatCompletion completion, Problems problems) {
        if (completion == null) {
            throw problems.notJson("null");
        }
        ChatCompletion.Choice choice = choice(completion, problems);
        ChatCompletionMessage message =
                choice._message()
                        .asKnown()
                        .orElseThrow(
                                () -> problems.unusable("answered with a choice without message"));
        String reason = choice._finishReason().asKnown().map(Object::toString).orElse("stop");
        String text = text(message._content());
        checkIsText(message, reason, text, problems);
        Optional<CompletionUsage> usage = completion._usage().asKnown();
        return new Reply(
                text,
                reason.equals("length") ? FinishReason.LENGTH : FinishReason.STOP,
                problems.cleaned(Json.text(completion._model()).orElse("")),
                usage.map(u -> count(u._promptTokens())).orElse(0),
                usage.map(u -> count(u._completionTokens())).orElse(0));
    }

    private static ChatCompletion.Choice choice(ChatCompletion completion, Problems problems) {
        List<ChatCompletion.Choice> choices = completion._choices().asKnown().orElse(List.of());
        if (choices.isEmpty()) {
            String said = Problems.said(completion._additionalProperties().get("error"));
            throw problems.unusable("answered without choices" + problems.quoted(said));
        }
        return choices.getFirst();
    }

    /** A text, or a list of parts with texts; anything else, {@code null} above all, is no text. */
    private static String text(JsonField<String> content) {
        return Json.text(content).orElseGet(() -> parts(content));
    }

    private static String parts(JsonField<String> content) {
        return Json.elements(content).stream()
                .flatMap(part -> Json.text(Json.fields(part).get("text")).stream())
                .collect(Collectors.joining());
    }

    /** What a server gives instead of text must not pass for an empty one. */
    private static void checkIsText(
            ChatCompletionMessage message, String reason, String text, Problems problems) {
        String refusal = Json.text(message._refusal()).orElse("");
        if (!refusal.isBlank()) {
            throw problems.unusable("refuses to answer" + problems.quoted(refusal));
        }
        if (reason.equals("content_filter")) {
            throw problems.unusable("stopped the answer by its content filter");
        }
        boolean isCall =
                message._functionCall().asKnown().isPresent()
                        || !Json.elements(message._toolCalls()).isEmpty()
                        || !message._toolCalls().asKnown().orElse(List.of()).isEmpty();
        if (text.isEmpty() && isCall) {
            throw problems.unusable(
                    "calls a tool instead of answering; choose a model that answers in text");
        }
    }

    private static int count(JsonField<Long> tokens) {
        return tokens.asKnown().map(n -> Math.clamp(n, 0, Integer.MAX_VALUE)).orElse(0);
    }
}
