package dev.cairn.server;

import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.TokenProbability.Alternative;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.ModelCard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * A model whose tokens are characters. It answers with what it was asked, in capital letters, each
 * stage in turn; what it does between the tokens is up to the test.
 */
public class FakeModel extends CharacterModel {
    /** What a test lets happen before each token. */
    public interface Pace {
        void before(int token, Cancellation cancellation);
    }

    public final List<CompletionRequest> asked = new CopyOnWriteArrayList<>();
    private final Pace pace;

    FakeModel(ModelCard card, Pace pace) {
        super(card);
        this.pace = pace;
    }

    public static ModelCard card(String id, ModelCard.Kind kind, String... stages) {
        return new ModelCard(id, kind, "answers in capitals", "pebble", List.of(stages), 2048);
    }

    /** Answers at once. */
    public static FakeModel stack(String id) {
        return new FakeModel(
                card(id, ModelCard.Kind.STACK, "facts", "answer"),
                (i, cancellation) -> cancellation.check());
    }

    public static FakeModel base(String id) {
        return base(id, (i, cancellation) -> cancellation.check());
    }

    public static FakeModel base(String id, Pace pace) {
        return new FakeModel(card(id, ModelCard.Kind.BASE), pace);
    }

    @Override
    public Completion complete(
            CompletionRequest request, StageListener listener, Cancellation cancellation) {
        asked.add(request);
        cancellation.check();
        String prompt = text(request.input());
        List<StageTrace> stages = new ArrayList<>();
        List<String> names = card().stages().isEmpty() ? List.of(card().id()) : card().stages();
        List<TokenProbability> tokens = List.of();
        for (String stage : names) {
            String given = request.given().get(stage);
            if (given != null) {
                tokens = List.of();
                stages.add(trace(stage, prompt, given, FinishReason.EDITED));
            } else {
                listener.started(stage, prompt);
                tokens = write(stage, prompt, request, listener, cancellation);
                stages.add(trace(stage, prompt, text(tokens), reason(prompt, tokens)));
            }
            listener.finished(stages.getLast());
        }
        StageTrace last = stages.getLast();
        return new Completion(
                last.output(),
                last.finishReason(),
                prompt.codePointCount(0, prompt.length()),
                tokens.size(),
                request.echo() ? echo(prompt, request.topLogprobs()) : List.of(),
                tokens,
                stages);
    }

    private List<TokenProbability> write(
            String stage,
            String prompt,
            CompletionRequest request,
            StageListener listener,
            Cancellation cancellation) {
        Integer most = request.decoding().maxTokens();
        List<TokenProbability> tokens = new ArrayList<>();
        for (int c : prompt.toUpperCase(Locale.ROOT).codePoints().toArray()) {
            if (most != null && tokens.size() >= most) {
                break;
            }
            pace.before(tokens.size(), cancellation);
            TokenProbability token = token(c, request.topLogprobs(), true).at(tokens.size());
            tokens.add(token);
            listener.wrote(stage, token.text(), List.of(token));
        }
        return tokens;
    }

    private static FinishReason reason(String prompt, List<TokenProbability> tokens) {
        return tokens.size() < prompt.codePointCount(0, prompt.length())
                ? FinishReason.LENGTH
                : FinishReason.STOP;
    }

    private static List<TokenProbability> echo(String prompt, int top) {
        int[] codePoints = prompt.codePoints().toArray();
        return IntStream.range(0, codePoints.length)
                .mapToObj(i -> token(codePoints[i], top, i > 0).at(i))
                .toList();
    }

    public static TokenProbability token(int c, int top, boolean known) {
        String text = Character.toString(c);
        List<Alternative> alternatives = new ArrayList<>();
        for (int i = 0; i < top; i++) {
            String other = Character.toString(c + i);
            alternatives.add(new Alternative(c + i, other, bytes(other), logprob(c) - i));
        }
        return new TokenProbability(
                c, text, bytes(text), known ? logprob(c) : null, known ? alternatives : List.of());
    }

    public static double logprob(int c) {
        return -c / 1000.0;
    }

    private static List<Integer> bytes(String text) {
        List<Integer> bytes = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xFF);
        }
        return bytes;
    }

    private static String text(List<TokenProbability> tokens) {
        StringBuilder text = new StringBuilder();
        tokens.forEach(token -> text.append(token.text()));
        return text.toString();
    }

    private StageTrace trace(String stage, String prompt, String output, FinishReason reason) {
        return new StageTrace(
                new StageTrace.Identity(card().id(), stage, card().base(), "none"),
                prompt,
                output,
                reason,
                new StageTrace.Tokens(prompt.length(), 0, output.length(), List.of(), List.of()),
                new StageTrace.Timing(1, 1),
                SamplingParams.GREEDY);
    }
}
