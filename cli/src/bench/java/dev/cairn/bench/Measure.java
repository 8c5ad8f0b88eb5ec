package dev.cairn.bench;

import dev.cairn.recipe.parts.PeakMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What several figure programs need to measure. */
final class Measure {
    private static final Path STATUS = Path.of("/proc/self/status");

    private Measure() {}

    /** The middle one, or the mean of the two in the middle. */
    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** Milliseconds that some work takes. */
    static double millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }

    /**
     * Resident memory of this process in MB, mapped files included; NaN where there is no /proc.
     */
    static double residentMegabytes() {
        return status("VmRSS:");
    }

    /** The most resident memory this process ever had, in MB; NaN where there is no /proc. */
    static double peakMegabytes() {
        Long bytes = PeakMemory.bytes();
        return bytes == null ? Double.NaN : bytes / 1e6;
    }

    private static double status(String key) {
        if (!Files.exists(STATUS)) {
            return Double.NaN;
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(key)) {
                    return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
                }
            }
            return Double.NaN;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
