package dev.cairn.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The processor as Linux describes it. Kernels are chosen from this alone and never by timing,
 * because the same machine must compute the same bits on every run.
 *
 * @param model display name, or "unknown"
 * @param vendor as reported by the CPUID instruction, such as {@code GenuineIntel}
 * @param features names of instruction sets, as in {@code /proc/cpuinfo}
 * @param cpuidLevel the highest leaf that the CPUID instruction supports
 */
public record Processor(String model, String vendor, Set<String> features, int cpuidLevel) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /**
     * The last CPUID leaf that describes AMX tiles; without these leaves the size of a tile is
     * unknown.
     */
    private static final int TILE_LEAVES = 0x1E;

    private static final Processor HERE = read();

    public Processor {
        features = Set.copyOf(features);
    }

    /**
     * The processor this program runs on; without features where the system does not report them.
     */
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

    /** Reads the lines of {@code /proc/cpuinfo}; the first processor listed counts. */
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
     * Whether matrix tiles can be used. Some hypervisors expose AMX but hide the leaves that give
     * the size of a tile; a library that relies on them then executes an illegal instruction.
     */
    public boolean hasTiles() {
        return features.contains("amx_bf16") && cpuidLevel >= TILE_LEAVES;
    }

    /**
     * Whether bfloat16 products are faster than float products: with tiles, and on AMD cores since
     * Zen 4. Intel cores without tiles execute VDPBF16PS at half the rate of two float
     * multiply-adds, which makes it slower than floats (measured: docs/performance-history.md).
     */
    public boolean multipliesBf16Fast() {
        return hasTiles() || (vendor.equals("AuthenticAMD") && features.contains("avx512_bf16"));
    }
}
