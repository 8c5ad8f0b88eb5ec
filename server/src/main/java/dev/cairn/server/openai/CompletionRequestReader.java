package dev.cairn.server.openai;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonFields;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.DecodingRequest;
import dev.cairn.text.completion.ModelCard;
import dev.cairn.text.completion.ServedModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the body of {@code /v1/completions}. */
public final class CompletionRequestReader {
    private static final int MAX_LOGPROBS = 20;

    /** OpenAI's default; a stack has its own. */
    private static final int DEFAULT_TOKENS = 16;

    private CompletionRequestReader() {}

    /**
     * @param maxTokens maximum number of tokens that a request gets
     * @throws ApiException if a field is invalid or not supported; the error names it
     */
    public static ParsedRequest read(JsonFields fields, ModelRegistry models, int maxTokens) {
        ServedModel model = models.required(fields);
        UnsupportedFields.refuseInCompletion(fields);
        CairnOptions cairn = CairnOptions.read(fields, model.card());
        Integer logprobs = fields.integer("logprobs", 0, MAX_LOGPROBS);
        boolean echo = fields.bool("echo");
        boolean stream = fields.bool("stream");
        if (stream && echo && logprobs != null) {
            throw ApiException.badRequest(
                    "echo",
                    "echo with logprobs cannot be streamed; leave out one of echo, logprobs and stream");
        }
        List<Input> inputs = PromptField.read(fields);
        if (cairn.trace() && inputs.size() > 1) {
            throw ApiException.badRequest(
                    "cairn.trace",
                    "cairn.trace: expected one prompt, found %d".formatted(inputs.size()));
        }
        DecodingRequest decoding = decoding(fields, model.card(), maxTokens);
        if (echo && decoding.ending().keepsSpecialTokens()) {
            throw ApiException.badRequest(
                    "skip_special_tokens",
                    "skip_special_tokens: expected true with echo, because a prompt is repeated without special tokens or as it was sent");
        }
        return new ParsedRequest(
                model,
                inputs.stream()
                        .map(input -> request(input, cairn, decoding, logprobs, echo))
                        .toList(),
                stream,
                ParsedRequest.includeUsage(fields),
                cairn.trace(),
                new CompletionFormat(logprobs, echoes(inputs, model, echo)));
    }

    private static DecodingRequest decoding(JsonFields fields, ModelCard card, int maxTokens) {
        boolean isStack = card.kind() == ModelCard.Kind.STACK;
        return DecodingFields.read(
                fields, isStack ? null : Math.min(DEFAULT_TOKENS, maxTokens), maxTokens);
    }

    private static CompletionRequest request(
            Input input,
            CairnOptions cairn,
            DecodingRequest decoding,
            @Nullable Integer logprobs,
            boolean echo) {
        return new CompletionRequest(
                input,
                cairn.set(),
                decoding,
                logprobs == null ? 0 : logprobs,
                echo && logprobs != null);
    }

    private static List<String> echoes(List<Input> inputs, ServedModel model, boolean echo) {
        return inputs.stream().map(input -> echo ? PromptText.of(input, model) : "").toList();
    }
}
