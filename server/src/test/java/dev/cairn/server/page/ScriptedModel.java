package dev.cairn.server.page;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.server.CharacterModel;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.ModelCard;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A model whose stages write what a script says, word by word, the words being 95, 50 and 10 %
 * probable in turn. A test can hold a stage at a word until it has seen enough.
 */
final class ScriptedModel extends CharacterModel {
    private static final Pattern WORD = Pattern.compile("\\s*\\S+");
    private static final List<Double> PROBABILITIES = List.of(0.95, 0.5, 0.1);

    /** What a stage writes. */
    @FunctionalInterface
    interface Script {
        String write(String input, Map<String, String> texts);
    }

    private final Map<String, Script> scripts;
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch abandoned = new CountDownLatch(1);

    ScriptedModel(ModelCard card, Map<String, Script> scripts) {
        super(card);
        this.scripts = new LinkedHashMap<>(scripts);
    }

    /** Four stages that say where a story ends; {@code reasoning} fails once told to break. */
    static ScriptedModel stories() {
        Map<String, Script> scripts = new LinkedHashMap<>();
        scripts.put("focus", (input, texts) -> input.substring(input.lastIndexOf(". ") + 2));
        scripts.put("facts", (input, texts) -> input.substring(0, input.lastIndexOf(". ") + 1));
        scripts.put(
                "reasoning",
                (input, texts) -> {
                    if (input.contains("break")) {
                        throw new CairnException("the adapter of reasoning cannot be read");
                    }
                    return "It is now in the " + lastWord(texts.getOrDefault("facts", "")) + ".";
                });
        scripts.put("answer", (input, texts) -> lastWord(texts.getOrDefault("reasoning", "")));
        List<String> stages = List.copyOf(scripts.keySet());
        String about = "Says where things are at the end of a story.";
        return new ScriptedModel(
                new ModelCard("stories", ModelCard.Kind.STACK, about, "pebble", stages, 512),
                scripts);
    }

    /** The base: it has no stages, and knows nothing. */
    static ScriptedModel pebble() {
        return new ScriptedModel(
                new ModelCard("pebble", ModelCard.Kind.BASE, "", "pebble", List.of(), 512),
                Map.of("pebble", (input, texts) -> "Nobody knows."));
    }

    private static String lastWord(String text) {
        return text.replaceAll("(?s).*\\s|[.?]$", "");
    }

    /** The prompt that a stage reads. */
    static String prompt(String stage, String input, Map<String, String> texts) {
        return input + "\n" + texts + "\n" + stage + ":";
    }

    /** Holds a stage before it writes the word of that number, from 0. */
    void hold(String stage, int word) {
        gates.put(stage + word, new CountDownLatch(1));
    }

    void release(String stage, int word) {
        Objects.requireNonNull(gates.get(stage + word)).countDown();
    }

    /** The stages that ran, in order. */
    List<String> ran() {
        return List.copyOf(ran);
    }

    /** Waits until a run was ended by whoever watched it. */
    boolean isAbandoned() throws InterruptedException {
        return abandoned.await(20, TimeUnit.SECONDS);
    }

    @Override
    public Completion complete(
            CompletionRequest request, StageListener listener, Cancellation cancellation) {
        String input = text(request.input());
        Map<String, String> texts = new LinkedHashMap<>();
        List<StageTrace> traces = new ArrayList<>();
        scripts.forEach((stage, script) -> {
            String given = request.given().get(stage);
            StageTrace trace =
                    given == null
                            ? run(stage, script, input, texts, listener, cancellation)
                            : trace(stage, "", given, List.of(), FinishReason.EDITED);
            texts.put(stage, trace.output());
            traces.add(trace);
            listener.finished(trace);
        });
        StageTrace last = traces.getLast();
        int written = traces.stream().mapToInt(trace -> trace.tokens().completion()).sum();
        List<TokenProbability> tokens = tokens(last.output());
        return new Completion(
                last.output(), FinishReason.STOP, 40, written, List.of(), tokens, traces);
    }

    private StageTrace run(
            String stage,
            Script script,
            String input,
            Map<String, String> texts,
            StageListener listener,
            Cancellation cancellation) {
        ran.add(stage);
        String prompt = prompt(stage, input, texts);
        listener.started(stage, prompt);
        String output = script.write(input, texts);
        List<TokenProbability> tokens = tokens(output);
        for (int i = 0; i < tokens.size(); i++) {
            await(stage + i, cancellation);
            TokenProbability token = tokens.get(i);
            // As real stages do: the space before the first word is written, not handed on.
            listener.wrote(stage, i == 0 ? token.text().strip() : token.text(), List.of(token));
        }
        return trace(stage, prompt, output, tokens, FinishReason.STOP);
    }

    private void await(String gate, Cancellation cancellation) {
        CountDownLatch latch = gates.getOrDefault(gate, new CountDownLatch(0));
        try {
            while (!latch.await(10, TimeUnit.MILLISECONDS)) {
                cancellation.check();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (RuntimeException e) {
            abandoned.countDown();
            throw e;
        }
    }

    private static List<TokenProbability> tokens(String output) {
        List<TokenProbability> tokens = new ArrayList<>();
        WORD.matcher(" " + output)
                .results()
                .forEach(word -> {
                    double logprob =
                            Math.log(PROBABILITIES.get(tokens.size() % PROBABILITIES.size()));
                    tokens.add(
                            new TokenProbability(
                                    tokens.size(),
                                    word.group(),
                                    bytes(word.group()),
                                    logprob,
                                    List.of()));
                });
        return tokens;
    }

    private static List<Integer> bytes(String text) {
        List<Integer> bytes = new ArrayList<>();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            bytes.add(b & 0xff);
        }
        return bytes;
    }

    private StageTrace trace(
            String stage,
            String prompt,
            String output,
            List<TokenProbability> tokens,
            FinishReason reason) {
        return new StageTrace(
                new StageTrace.Identity(card().id(), stage, card().base(), "none"),
                prompt,
                output,
                reason,
                new StageTrace.Tokens(
                        prompt.length(),
                        0,
                        tokens.size(),
                        tokens.stream().map(TokenProbability::text).toList(),
                        tokens.stream().map(TokenProbability::logprob).toList()),
                new StageTrace.Timing(12, 34),
                SamplingParams.GREEDY);
    }
}
