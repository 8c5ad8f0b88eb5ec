package dev.cairn.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What Linux says about the processor. Kernels are chosen by this alone and never by a stopwatch:
 * the same machine must compute the same bits on every run.
 *
 * @param model its name for people; "unknown" where nobody tells
 * @param vendor as the CPUID instruction gives it, such as {@code GenuineIntel}
 * @param features names of instruction sets, as in {@code /proc/cpuinfo}
 * @param cpuidLevel the highest leaf that the CPUID instruction answers
 */
public record Processor(String model, String vendor, Set<String> features, int cpuidLevel) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** Describe the tiles of AMX: without them nobody can say how large a tile is. */
    private static final int TILE_LEAVES = 0x1E;

    private static final Processor HERE = read();

    public Processor {
        features = Set.copyOf(features);
    }

    /** The one this program runs on; without features where the system does not tell. */
    public static Processor here() {
        return HERE;
    }

    private static Processor read() {
        try {
            return parse(Files.readAllLines(CPU_INFO));
        } catch (IOException e) {
            return parse(List.of());
        }
    }

    /** Reads the lines of {@code /proc/cpuinfo}; of several processors the first counts. */
    static Processor parse(List<String> lines) {
        Map<String, String> values = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.putIfAbsent(
                        line.substring(0, colon).strip(), line.substring(colon + 1).strip());
            }
        }
        String features = values.getOrDefault("flags", values.getOrDefault("Features", ""));
        return new Processor(
                values.getOrDefault("model name", "unknown"),
                values.getOrDefault("vendor_id", "unknown"),
                Set.of(features.split("\\s+")),
                number(values.getOrDefault("cpuid level", "")));
    }

    private static int number(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    }

    /**
     * Whether matrix tiles can be used. Some hypervisors pass AMX through but hide the leaves that
     * say how large a tile is; a library that asks for them then runs into an illegal instruction.
     */
    public boolean hasTiles() {
        return features.contains("amx_bf16") && cpuidLevel >= TILE_LEAVES;
    }

    /**
     * Whether products of bfloat16 are faster than those of floats: with tiles, and on AMD's cores
     * since Zen 4. Intel's execute VDPBF16PS at half the rate of two float multiply-adds, which
     * makes it slower than floats (measured: docs/performance-history.md).
     */
    public boolean multipliesBf16Fast() {
        return hasTiles() || (vendor.equals("AuthenticAMD") && features.contains("avx512_bf16"));
    }
}
