package dev.cairn.bench;

import dev.cairn.config.SamplingParams;
import dev.cairn.config.WeightFormat;
import dev.cairn.generate.Generator;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Linear;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writing one token after another, at contexts of 128 to 255 tokens, with greedy choice and
 * log-probabilities: the way through {@link Generator} that a person gets. What bounds it is the
 * rate at which memory is read, measured before every round; the weights may partly stay in a large
 * cache, so the rate of reading as many bytes again and again is given too.
 *
 * <p>Arguments: bf16, int8 or int4, and "lora" for an adapter beside it.
 */
final class DecodeBench {
    private static final int PROMPT = 128;
    private static final int TOKENS = 128;
    private static final int WARM_UP = 4;
    private static final int ROUNDS = 5;

    private DecodeBench() {}

    public static void main(String[] args) {
        String name = args.length == 0 ? "int8" : args[0];
        WeightFormat format = WeightFormat.valueOf(name.toUpperCase(Locale.ROOT));
        BenchModel.make();
        long start = System.nanoTime();
        CausalLm model = Models.open(BenchModel.MODEL, format);
        double opened = (System.nanoTime() - start) / 1e9;
        LoraAdapter adapter = args.length > 1 ? BenchModel.openAdapter(model, 0) : null;
        double bytes = bytesPerToken(model);
        for (int i = 0; i < WARM_UP; i++) {
            millisPerToken(model, adapter, i);
        }
        List<Round> rounds = new ArrayList<>();
        double[] again = new double[ROUNDS];
        long collections = 0;
        double memory = Limits.memory();
        for (int i = 0; i < ROUNDS; i++) {
            again[i] = Limits.memory((long) bytes);
            long before = collections();
            double millis = millisPerToken(model, adapter, i);
            collections += collections() - before;
            double after = Limits.memory();
            rounds.add(new Round(1e3 / millis, (memory + after) / 2 / bytes));
            memory = after;
        }
        String way = adapter == null ? name : name + " with an adapter";
        List<Round> byRate = sorted(rounds, Round::rate);
        Round middle = sorted(rounds, Round::share).get(ROUNDS / 2);
        Figure.of(Figure.DECODE, middle.rate(), "tokens/s", "memory bandwidth", middle.limit())
                .by(way)
                .print();
        System.out.printf(
                Locale.ROOT,
                "%s: opened in %.2f s, %.1f MB per token, %.1f GB/s; tokens/s %.1f to %.1f; "
                        + "%.0f%% of memory (%.1f GB/s), %.0f%% of as many bytes again and again "
                        + "(%.1f GB/s); %d collections in %d tokens%n",
                way,
                opened,
                bytes / 1e6,
                bytes * middle.rate() / 1e9,
                byRate.getFirst().rate(),
                byRate.getLast().rate(),
                100 * middle.share(),
                middle.limit() * bytes / 1e9,
                100 * middle.rate() * bytes / Measure.median(again),
                Measure.median(again) / 1e9,
                collections,
                ROUNDS * TOKENS);
    }

    /**
     * Tokens a second, and how many memory would allow: measured before and after, for it changes
     * from second to second on a machine that is shared.
     */
    private record Round(double rate, double limit) {
        double share() {
            return rate / limit;
        }
    }

    private static List<Round> sorted(List<Round> rounds, ToDoubleFunction<Round> by) {
        return rounds.stream().sorted(Comparator.comparingDouble(by)).toList();
    }

    /** The middle of a round's tokens, so that one held up by another program does not count. */
    private static double millisPerToken(CausalLm model, @Nullable LoraAdapter adapter, int round) {
        long[] at = new long[TOKENS];
        int[] count = new int[1];
        new Generator(model, adapter)
                .generate(
                        BenchModel.tokens(PROMPT, round),
                        SamplingParams.GREEDY,
                        TOKENS,
                        chosen -> {
                            at[count[0]++] = System.nanoTime();
                            return true;
                        });
        if (count[0] < TOKENS) {
            throw new IllegalStateException("the model stopped after " + count[0] + " tokens");
        }
        double[] each = new double[TOKENS - 1];
        for (int i = 0; i < each.length; i++) {
            each[i] = (at[i + 1] - at[i]) / 1e6;
        }
        return Measure.median(each);
    }

    /** Weights and scales, and the keys and values of a context between first and last. */
    private static double bytesPerToken(CausalLm model) {
        long weights =
                Stream.concat(model.linears().stream(), Stream.of(model.head()))
                        .map(Linear::weight)
                        .mapToLong(weight -> weight.value().byteSize())
                        .sum();
        double context = PROMPT + (TOKENS - 1) / 2.0;
        return weights + context * 2 * BenchModel.LAYERS * BenchModel.HIDDEN * Float.BYTES;
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
