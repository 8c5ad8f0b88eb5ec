package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.SamplingParams;
import dev.cairn.generate.Generator.Likelihood;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.model.RandomWeights;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.kernel.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers with and without reuse are compared bit for bit: there is no tolerance anywhere. */
class PrefillTest {
    private static final int WINDOW = 700;

    /** Of Gemma's local layers: shorter than most pieces, and no multiple of a block. */
    private static final int LOCAL_WINDOW = 70;

    private static final SamplingParams WARM = new SamplingParams(2, 0, 1, 0, 1, 5);

    /** Room for everything, for some pieces, for next to nothing. */
    private static final long[] BOUNDS = {1 << 24, 150_000, 30_000};

    private static CausalLm model(String type) {
        return TinyModels.frozen(
                TinyModels.config(type)
                        .put("max_position_embeddings", WINDOW)
                        .put("sliding_window", LOCAL_WINDOW),
                Kernels.vector());
    }

    private static int[] tokens(SplittableRandom random, int count) {
        return random.ints(count, 0, TinyModels.VOCABULARY).toArray();
    }

    /** Everything a caller can see of an answer, except how long it took. */
    private static List<Object> answer(Generator generator, int[] prompt) {
        List<Object> seen = new ArrayList<>();
        generator.generate(
                prompt,
                WARM,
                5,
                chosen -> {
                    seen.add(chosen.token());
                    seen.add(chosen.logprob());
                    return true;
                });
        return seen;
    }

    private static List<Object> scores(Generator generator, int[] context, List<int[]> choices) {
        List<Object> seen = new ArrayList<>();
        for (Likelihood likelihood : generator.score(context, choices)) {
            seen.add(Arrays.stream(likelihood.logprobs()).boxed().toList());
            seen.add(likelihood.isGreedy());
        }
        return seen;
    }

    /** Prompts that share beginnings of any length, those at and beside the borders included. */
    private static List<int[]> prompts(SplittableRandom random) {
        int[] shared = tokens(random, WINDOW);
        List<int[]> prompts = new ArrayList<>();
        for (int same : new int[] {1, 63, 64, 65, 127, 128, 129, 256, 300, 512, 513, 600}) {
            for (int more : new int[] {0, 1, 64, random.nextInt(1, 90)}) {
                int[] prompt = Arrays.copyOf(shared, same + more);
                System.arraycopy(tokens(random, more), 0, prompt, same, more);
                prompts.add(prompt);
            }
        }
        return prompts;
    }

    @Test
    void piecesEndAtFixedPositions() {
        List<Integer> ends = new ArrayList<>();
        for (int at = 0; at < 1024; at = PrefixMatch.end(at)) {
            ends.add(PrefixMatch.end(at));
        }
        assertThat(ends).containsExactly(64, 128, 256, 512, 768, 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama", "gemma3_text"})
    void anAnswerIsTheSameWhateverWasReadBefore(String type) {
        CausalLm model = model(type);
        LoraAdapter adapter = TinyModels.adapter(model, 0, false);
        SplittableRandom random = new SplittableRandom(11);
        List<int[]> prompts = prompts(random);
        for (long bound : BOUNDS) {
            PrefixCache prefixes = PrefixCache.ofBytes(bound);
            for (int i = 0; i < 60; i++) {
                int[] prompt = prompts.get(random.nextInt(prompts.size()));
                LoraAdapter with = random.nextBoolean() ? adapter : null;
                assertThat(answer(new Generator(model, with, prefixes), prompt))
                        .isEqualTo(answer(new Generator(model, with), prompt));
                assertThat(prefixes.byteSize()).isLessThanOrEqualTo(bound);
            }
            assertThat(prefixes.size()).as("bound %d", bound).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt_neox", "llama", "gemma3_text"})
    void aScoreIsTheSameAloneAmongOthersAndWithReuse(String type) {
        CausalLm model = model(type);
        SplittableRandom random = new SplittableRandom(12);
        PrefixCache prefixes = PrefixCache.ofBytes(1 << 24);
        Generator reusing = new Generator(model, null, prefixes);
        Generator prefill = new Generator(model, null);
        for (int length : new int[] {1, 2, 63, 64, 65, 200, 690, WINDOW, WINDOW + 90}) {
            int[] context = tokens(random, length);
            List<int[]> choices = new ArrayList<>();
            for (int count : new int[] {1, 4, 1, 0, 30, 2}) {
                choices.add(tokens(random, count));
            }
            List<Object> together = scores(reusing, context, choices);
            List<Object> alone = new ArrayList<>();
            for (int[] choice : choices.reversed()) {
                alone.addAll(0, scores(prefill, context, List.of(choice)));
            }
            assertThat(together).isEqualTo(alone);
            assertThat(scores(reusing, context, choices)).isEqualTo(alone);
        }
    }

    @Test
    void severalRequestsAtOnceShareABeginning() throws InterruptedException, ExecutionException {
        CausalLm model = model("gpt_neox");
        List<int[]> prompts = prompts(new SplittableRandom(13));
        Generator alone = new Generator(model, null);
        for (long bound : BOUNDS) {
            PrefixCache prefixes = PrefixCache.ofBytes(bound);
            Generator shared = new Generator(model, null, prefixes);
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Future<List<Object>>> answers =
                        prompts.stream().map(p -> threads.submit(() -> answer(shared, p))).toList();
                for (int i = 0; i < prompts.size(); i++) {
                    assertThat(answers.get(i).get()).isEqualTo(answer(alone, prompts.get(i)));
                }
            }
            assertThat(prefixes.byteSize()).isLessThanOrEqualTo(bound);
        }
    }

    /** With weights from files, and the native kernels where there are any. */
    @Test
    @Tag("long")
    void theBundledBaseAnswersTheSameWithReuse() {
        CausalLm model = Models.open(Path.of("models/pebble"));
        LoraAdapter adapter = TinyModels.adapter(model, 0, false);
        SplittableRandom random = new SplittableRandom(15);
        PrefixCache prefixes = PrefixCache.ofBytes(1 << 24);
        int[] shared = random.ints(480, 0, model.config().vocabSize()).toArray();
        for (int same : new int[] {300, 64, 70, 257, 470, 200}) {
            int[] prompt = Arrays.copyOf(shared, same + 3);
            prompt[same] = same;
            Generator reusing = new Generator(model, adapter, prefixes);
            Generator prefill = new Generator(model, adapter);
            assertThat(answer(reusing, prompt)).isEqualTo(answer(prefill, prompt));
            List<int[]> choices = List.of(new int[] {1, 2, 3}, Arrays.copyOf(shared, 20));
            assertThat(scores(reusing, prompt, choices))
                    .isEqualTo(scores(prefill, prompt, choices));
        }
    }

    /** Otherwise the other tests would hold for a cache that nobody uses. */
    @Test
    void whatIsKnownIsNotReadAgain() {
        CausalLm model = model("gpt_neox");
        int[] prompt = tokens(new SplittableRandom(14), 300);
        PrefixCache prefixes = PrefixCache.ofBytes(1 << 24);
        KvCache first = model.newCache(300);
        ForwardContext pass = ForwardContext.of(model.kernels(), null);
        new Prefill(model, prefixes, pass, first, prompt).read();
        assertThat(prefixes.size()).isEqualTo(3);

        // Another model would read other hidden states, but these come from the pieces.
        int[] ids = Arrays.copyOf(prompt, 65);
        CausalLm other =
                TinyModels.build(
                        TinyModels.config("gpt_neox")
                                .put("max_position_embeddings", WINDOW)
                                .put("sliding_window", LOCAL_WINDOW),
                        new RandomWeights(Kernels.vector(), 99),
                        Kernels.vector());
        KvCache filled = other.newCache(65);
        new Prefill(other, prefixes, pass, filled, ids).read();
        KvCache.Segment taken = filled.copy(0);
        assertThat(Arrays.copyOf(taken.keys().getFirst().toFloats(), 64 * 24))
                .isEqualTo(Arrays.copyOf(first.copy(0).keys().getFirst().toFloats(), 64 * 24));
    }
}
