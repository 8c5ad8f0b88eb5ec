package dev.cairn.bench;

import dev.cairn.model.CausalLm;
import dev.cairn.model.Generator;
import dev.cairn.model.Models;
import dev.cairn.model.SamplerSettings;
import dev.cairn.tensor.Speed;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

public final class DecodeBench {
    public static void main(String[] args) {
        CausalLm model = Models.open(Path.of(args[0]), dev.cairn.model.WeightFormat.valueOf(args[2]));
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 8;
        SplittableRandom random = new SplittableRandom(1);
        double[] speeds = new double[rounds];
        for (int r = 0; r < rounds; r++) {
            double bw = Speed.memoryBandwidth(Duration.ofMillis(400));
            int[] prompt = random.ints(128, 3, 50000).toArray();
            var out = new Generator(model, null).generate(prompt, SamplerSettings.greedy(), 128, (t, l) -> true);
            speeds[r] = (out.tokens() - 1) / out.decodeMillis() * 1e3;
            System.out.printf("%d tokens, prefill %.1f ms, %.1f tokens/s, bw %.1f GB/s%n", out.tokens(), out.prefillMillis(), speeds[r], bw / 1e9);
        }
        long gc = ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
        Arrays.sort(speeds);
        System.out.printf("median %.1f, gc %d%n", speeds[rounds / 2], gc);
    }
}
