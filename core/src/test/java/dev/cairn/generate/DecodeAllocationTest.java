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
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BF16")
    void warmDecodingHardlyAllocates(WeightFormat format) throws Exception {
        assertThat(inNewProcess(format)).isBetween(1L, MAX_BYTES_PER_TOKEN);
    }

    private static long inNewProcess(WeightFormat format) throws IOException, InterruptedException {
        List<String> command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DecodeAllocationTest.class.getName(),
                        format.name());
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", command).isZero();
        return Long.parseLong(printed.strip());
    }

    /** Prints the bytes per token, those of the first round that is within the bound. */
    public static void main(String[] args) {
        CausalLm model = Models.open(MODEL, WeightFormat.valueOf(args[0]));
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
