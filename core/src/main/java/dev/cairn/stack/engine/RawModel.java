package dev.cairn.stack.engine;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.generate.PromptToken;
import dev.cairn.text.Answer;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageListener;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.RequestException;
import java.util.ArrayList;
import java.util.List;

/**
 * Continues a text as it is, with one stage's weights and no template.
 *
 * @param stage the stage that provides the adapter and the decoding settings
 */
public record RawModel(Stage stage, OpenBase base) {
    /** Continues a text as a model reads it from its beginning; the white space is kept. */
    public Completion complete(
            String text,
            CompletionRequest request,
            StageListener listener,
            Cancellation cancellation) {
        return complete(text, true, request, listener, cancellation);
    }

    /**
     * Continues a text.
     *
     * @param addSpecialTokens whether the tokenizer's special tokens come before it
     */
    public Completion complete(
            String text,
            boolean addSpecialTokens,
            CompletionRequest request,
            StageListener listener,
            Cancellation cancellation) {
        return write(encode(text, addSpecialTokens), text, request, listener, cancellation);
    }

    /** Continues token ids. */
    public Completion complete(
            List<Integer> ids,
            CompletionRequest request,
            StageListener listener,
            Cancellation cancellation) {
        int[] prompt = ids.stream().mapToInt(id -> id).toArray();
        int vocabulary = base.model().config().vocabSize();
        for (int id : prompt) {
            if (id < 0 || id >= vocabulary) {
                throw new RequestException(
                        "prompt",
                        "token id %d is outside the model's vocabulary; expected 0 to %d"
                                .formatted(id, vocabulary - 1));
            }
        }
        return write(prompt, base.tokenizer().decode(prompt), request, listener, cancellation);
    }

    private int[] encode(String text, boolean addSpecialTokens) {
        int[] ids = base.tokenizer().encode(text, addSpecialTokens);
        if (ids.length == 0) {
            throw new RequestException(
                    "prompt", "the prompt is empty; expected at least one token");
        }
        return ids;
    }

    private Completion write(
            int[] ids,
            String prompt,
            CompletionRequest request,
            StageListener listener,
            Cancellation cancellation) {
        if (!request.given().isEmpty()) {
            throw new RequestException(
                    "cairn.set", "a prompt that is read as it is has no stages to set");
        }
        int maxTokens = maxTokens(ids, request);
        List<TokenProbability> echoed =
                request.echo() ? echo(ids, prompt, request, cancellation) : List.of();
        Completion completion =
                maxTokens == 0
                        ? nothing(ids)
                        : written(ids, prompt, maxTokens, request, listener, cancellation);
        return completion.withPrompt(echoed);
    }

    /**
     * The maximum number of new tokens: the request's or else the stage's own, never beyond the
     * window.
     */
    private int maxTokens(int[] ids, CompletionRequest request) {
        Integer asked = request.decoding().maxTokens();
        int wanted = asked == null ? stage.config().decoding().maxNewTokens() : asked;
        int room = base.window() - ids.length;
        if (room < Math.min(wanted, 1)) {
            throw new RequestException(
                    "prompt",
                    "the prompt has %d tokens, but the model's context window is %d; shorten the prompt"
                            .formatted(ids.length, base.window()));
        }
        int maxTokens = Math.min(wanted, room);
        if (!base.mayHold(ids.length + maxTokens)) {
            throw new RequestException(
                    "max_tokens",
                    "the prompt's %d tokens and %d more need more memory for keys and values than this server has; ask for fewer, or start it with a larger --kv-memory"
                            .formatted(ids.length, maxTokens));
        }
        return maxTokens;
    }

    private List<TokenProbability> echo(
            int[] ids, String prompt, CompletionRequest request, Cancellation cancellation) {
        TokenTexts texts = new TokenTexts(base.tokenizer());
        List<TokenProbability> tokens = new ArrayList<>();
        tokens.add(texts.of(ids[0], null, List.of()));
        for (PromptToken token :
                stage.generator().promptLogprobs(ids, request.topLogprobs(), cancellation)) {
            tokens.add(texts.of(token.token(), token.logprob(), token.top()));
        }
        boolean isSent = request.input() instanceof CompletionRequest.Input.Text;
        return texts.placed(tokens, prompt, isSent);
    }

    private static Completion nothing(int[] ids) {
        return new Completion(
                "", FinishReason.LENGTH, ids.length, 0, List.of(), List.of(), List.of());
    }

    private Completion written(
            int[] ids,
            String prompt,
            int maxTokens,
            CompletionRequest request,
            StageListener listener,
            Cancellation cancellation) {
        Stage asked = asked(request, maxTokens);
        String name = asked.config().name();
        listener.started(name, prompt);
        Stage.Output output =
                asked.write(
                        new Stage.Prompt(ids, 0, prompt),
                        new Writing.Rules(
                                asked.config().decoding().stop(),
                                false,
                                null,
                                request.decoding().ending()),
                        new Writing.Audience(name, listener, request.topLogprobs()),
                        cancellation);
        listener.finished(output.trace());
        Answer answer = new Answer(output.trace().output(), List.of(output.trace()));
        return new StackRun(answer, output.tokens()).completion();
    }

    private Stage asked(CompletionRequest request, int maxTokens) {
        try {
            return stage.with(stage.config().decoding().asked(request.decoding(), maxTokens));
        } catch (CairnException e) {
            throw new RequestException(null, String.valueOf(e.getMessage()));
        }
    }
}
