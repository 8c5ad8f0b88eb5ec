package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cairn.config.WeightFormat;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.Models;
import dev.cairn.model.TokenBatch;
import dev.cairn.model.Workspace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Once decoding is warm, no vector may become an object: that would be megabytes a token, and the
 * collector would run all the time. Counted are the bytes that all threads of a process that only
 * decodes allocate per token; in one that ran other tests before, what is compiled how depends on
 * them.
 */
@Tag("process")
class DecodeAllocationTest {
    private static final Path MODEL = Path.of("models/pebble");

    /** Tokens after which the compiler should be done with every kernel: 6,000. */
    private static final int MAX_ROUNDS = 240;

    /** So few that a process ends soon after the compiler is done. */
    private static final int TOKENS = 25;

    /**
     * Tensors of six layers, sections of work and the copy of the logits are some 60,000 bytes;
     * vectors as objects would be a hundred for every sixteen of 3.4 million weights.
     */
    private static final long MAX_BYTES_PER_TOKEN = 200_000;

    /** The base is stored in bfloat16, so {@code AS_STORED} runs the kernels of {@code BF16}. */
    @Test
    void warmDecodingHardlyAllocates() throws Exception {
        String printed = inNewProcess(WeightFormat.AS_STORED, WeightFormat.INT8, WeightFormat.INT4);
        assertThat(printed.lines().map(Long::valueOf))
                .hasSize(3)
                .allSatisfy(bytes -> assertThat(bytes).isBetween(1L, MAX_BYTES_PER_TOKEN));
    }

    private static String inNewProcess(WeightFormat... formats)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add(DecodeAllocationTest.class.getName());
        Stream.of(formats).map(WeightFormat::name).forEach(command::add);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", command).isZero();
        return printed;
    }

    /** Prints for each format the bytes per token of the first round that is within the bound. */
    public static void main(String[] args) {
        Stream.of(args).map(WeightFormat::valueOf).forEach(DecodeAllocationTest::print);
    }

    private static void print(WeightFormat format) {
        CausalLm model = Models.open(MODEL, format);
        ForwardContext pass = ForwardContext.inference(model.kernels(), null);
        long bytes = Long.MAX_VALUE;
        for (int round = 0; round < MAX_ROUNDS && bytes > MAX_BYTES_PER_TOKEN; round++) {
            bytes = bytesPerToken(model, pass);
        }
        System.out.println(bytes);
    }

    private static long bytesPerToken(CausalLm model, ForwardContext pass) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        KvCache cache = model.newCache(TOKENS);
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < TOKENS; i++) {
            TokenBatch batch = TokenBatch.next(new int[] {i + 5}, i);
            try (Workspace.Frame frame = pass.frame()) {
                var hidden = model.forward(pass, batch, cache).hidden();
                LogProbs.of(model.head().forward(pass, hidden).y().toFloats(), 7);
            }
        }
        return (threads.getTotalThreadAllocatedBytes() - before) / TOKENS;
    }
}
