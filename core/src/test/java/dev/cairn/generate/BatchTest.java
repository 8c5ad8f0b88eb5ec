package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.SamplingParams;
import dev.cairn.config.WeightFormat;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.model.RandomWeights;
import dev.cairn.model.TinyModels;
import dev.cairn.model.weights.Parameter;
import dev.cairn.model.weights.Weights;
import dev.cairn.tensor.Int4Tensor;
import dev.cairn.tensor.Int8Tensor;
import dev.cairn.tensor.MappedTensor;
import dev.cairn.tensor.Tensor;
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
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers written in company and alone are compared bit for bit: there is no tolerance anywhere.
 */
class BatchTest {
    private static final Path PEBBLE = Path.of("models/pebble");
    private static final int WINDOW = 200;
    private static final int REQUESTS = 18;

    /** Enough for every kind of request of {@link Request#any}. */
    private static final int REQUESTS_OF_THE_BASE = 12;

    private static final int CLIENTS = 6;

    /** Linear layers in another format, however small they are. */
    private record Formatted(Weights source, UnaryOperator<Tensor> format) implements Weights {
        @Override
        public Parameter matrix(String name, int rows, int cols) {
            return source.matrix(name, rows, cols);
        }

        @Override
        public Parameter linear(String name, int rows, int cols) {
            return formatted(source.matrix(name, rows, cols));
        }

        @Override
        public Parameter tied(Parameter embedding) {
            return formatted(embedding);
        }

        private Parameter formatted(Parameter stored) {
            return new Parameter(stored.name(), format.apply(stored.value()), null);
        }

        @Override
        public Parameter gain(String name, int size) {
            return source.gain(name, size);
        }

        @Override
        public Parameter bias(String name, int size) {
            return source.bias(name, size);
        }
    }

    /** What a client may ask for. */
    private record Request(
            int[] prompt, SamplingParams settings, int tokens, int adapter, boolean isScored) {
        static Request any(SplittableRandom random, int window, int vocabulary) {
            int length = random.nextInt(4) == 0 ? random.nextInt(1, window - 1) : 20;
            int[] prompt = random.ints(length, 0, vocabulary).toArray();
            // Beginnings that others have too.
            Arrays.fill(prompt, 0, Math.min(length, 64), 1);
            SamplingParams settings =
                    switch (random.nextInt(3)) {
                        case 0 -> SamplingParams.GREEDY;
                        case 1 -> new SamplingParams(2, 0, 1, 0, 1, random.nextLong());
                        default -> new SamplingParams(1.5, 7, 0.9, 0, 1.3, random.nextLong());
                    };
            int tokens = random.nextInt(1, 40);
            return new Request(prompt, settings, tokens, random.nextInt(3), random.nextInt(6) == 0);
        }

        /** Everything its client gets to see, except how long it took. */
        List<Object> ask(List<Generator> generators) {
            Generator generator = generators.get(adapter);
            List<Object> seen = new ArrayList<>();
            if (isScored) {
                seen.addAll(generator.promptLogprobs(prompt, 2, () -> {}));
            }
            Generator.Outcome outcome =
                    generator.generate(
                            prompt,
                            settings,
                            tokens,
                            chosen ->
                                    seen.add(chosen.token())
                                            && seen.add(chosen.logprob())
                                            && seen.add(chosen.top(2)));
            seen.add(outcome.end());
            seen.add(outcome.tokens());
            return seen;
        }
    }

    private static List<Generator> generators(CausalLm model, PrefixCache prefixes) {
        return List.of(
                new Generator(model, null, prefixes),
                new Generator(model, TinyModels.adapter(model, 0, false), prefixes),
                new Generator(model, TinyModels.adapter(model, 0, true), prefixes));
    }

    private static void compare(CausalLm model, int window, int count)
            throws InterruptedException, ExecutionException {
        SplittableRandom random = new SplittableRandom(21);
        int vocabulary = model.config().vocabSize();
        List<Request> requests =
                Stream.generate(() -> Request.any(random, window, vocabulary))
                        .limit(count)
                        .toList();
        List<Generator> generators = generators(model, PrefixCache.ofBytes(1 << 20));
        long bytes = CLIENTS * model.cacheBytes(window) / 2;
        try (Batcher batcher = Batcher.start(model, bytes);
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Generator> together = generators.stream().map(g -> g.with(batcher)).toList();
            List<Future<List<Object>>> answers =
                    requests.stream().map(r -> clients.submit(() -> r.ask(together))).toList();
            for (int i = 0; i < count; i++) {
                assertThat(answers.get(i).get())
                        .as("request %d", i)
                        .isEqualTo(requests.get(i).ask(generators(model, PrefixCache.NONE)));
            }
            Batcher.Load load = batcher.load();
            assertThat(load.tokens())
                    .as("tokens of %d steps", load.steps())
                    .isGreaterThan(load.steps());
            assertThat(load.bytes()).isZero();
        }
    }

    private static Stream<Arguments> models() {
        List<UnaryOperator<Tensor>> formats =
                List.of(t -> t, MappedTensor::bf16, Int8Tensor::of, Int4Tensor::of);
        List<String> names = List.of("float32", "bf16", "int8", "int4");
        return Stream.of("gpt_neox", "llama", "qwen3", "gemma3_text")
                .flatMap(type ->
                        names.stream()
                                .map(name ->
                                        Arguments.of(
                                                type, name, formats.get(names.indexOf(name)))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("models")
    void everySequenceGetsWhatItGetsAlone(String type, String name, UnaryOperator<Tensor> format)
            throws Exception {
        Kernels kernels = Kernels.vector();
        var config = type.equals("qwen3") ? TinyModels.qwenConfig(type) : TinyModels.config(type);
        CausalLm model =
                TinyModels.build(
                        config.put("max_position_embeddings", WINDOW),
                        new Formatted(new RandomWeights(kernels, 7), format),
                        kernels);
        compare(model, WINDOW, REQUESTS);
    }

    /** With weights from files, threads that share the work, and the native kernels. */
    @Test
    @Tag("long")
    void alsoWithTheBundledBase() throws Exception {
        for (WeightFormat format : WeightFormat.values()) {
            compare(Models.open(PEBBLE, format), WINDOW, REQUESTS_OF_THE_BASE);
        }
    }
}
