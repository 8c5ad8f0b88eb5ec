package dev.cairn.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.cairn.config.WeightFormat;
import dev.cairn.generate.Batcher;
import dev.cairn.generate.Generator;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.recipe.bench.Throughput;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tokens per second that 1, 2, 4 and 8 clients get together, each with prompts of its own and with
 * one of four adapters or none, from one process. Prompts are read in the time that is measured.
 * Numbers of clients take turns, since the machine drifts; what is given is the middle round. Where
 * others use the machine too, tokens per second of processor time say more, with {@code
 * -Dcairn.threads=1}: then nobody waits for a thread that is held up.
 *
 * <p>Arguments: fp32, bf16, int8 or int4, and "lora" for adapters.
 */
final class ServeBench {
    private static final int[] CLIENTS = {1, 2, 4, 8};
    private static final int PROMPT = 32;
    private static final int TOKENS = 96;
    private static final int WARM_UP = 1;
    private static final int ROUNDS = 5;
    private static final long CACHE_BYTES = 1L << 30;

    private ServeBench() {}

    public static void main(String[] args) {
        String name = args[0];
        CausalLm model = open(name);
        boolean hasAdapters = args.length > 1;
        try (Batcher batcher = Batcher.start(model, CACHE_BYTES)) {
            List<Generator> generators = new ArrayList<>();
            for (int i = 0; i < BenchModel.ADAPTERS; i++) {
                var adapter = hasAdapters ? BenchModel.openAdapter(model, i) : null;
                generators.add(new Generator(model, adapter).with(batcher));
            }
            print(hasAdapters ? name + " with adapters" : name, measure(generators, batcher));
        }
    }

    private static CausalLm open(String name) {
        if (name.equals("fp32")) {
            BenchModel.makeF32();
            return Models.open(BenchModel.MODEL_F32);
        }
        BenchModel.make();
        return Models.open(BenchModel.MODEL, WeightFormat.valueOf(name.toUpperCase(Locale.ROOT)));
    }

    /** Tokens per second by number of clients and round. */
    private static double[][] measure(List<Generator> generators, Batcher batcher) {
        double[][] rates = new double[CLIENTS.length][ROUNDS];
        for (int round = -WARM_UP; round < ROUNDS; round++) {
            for (int i = 0; i < CLIENTS.length; i++) {
                Batcher.Load before = batcher.load();
                long busy = processorNanos();
                double rate = rate(generators, CLIENTS[i], round);
                Batcher.Load after = batcher.load();
                System.out.printf(
                        Locale.ROOT,
                        "round %d, %d clients: %.1f tokens/s, %.1f per second of processor time, %.2f tokens a step%n",
                        round,
                        CLIENTS[i],
                        rate,
                        CLIENTS[i] * TOKENS * 1e9 / (processorNanos() - busy),
                        (double) (after.tokens() - before.tokens())
                                / (after.steps() - before.steps()));
                if (round >= 0) {
                    rates[i][round] = rate;
                }
            }
        }
        return rates;
    }

    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static double rate(List<Generator> generators, int clients, int round) {
        List<int[]> prompts = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            prompts.add(BenchModel.tokens(PROMPT, 100L * round + client));
        }
        return clients * TOKENS / Throughput.together(generators, prompts, TOKENS);
    }

    private static void print(String way, double[][] rates) {
        double one = Measure.median(rates[0]);
        for (int i = 0; i < CLIENTS.length; i++) {
            double rate = Measure.median(rates[i]);
            String what = "%d clients at once".formatted(CLIENTS[i]);
            Figure.of(what, rate, "tokens/s", "one client", one).by(way).print();
            System.out.printf(Locale.ROOT, "%s: %.2f times one client%n", what, rate / one);
        }
    }
}
