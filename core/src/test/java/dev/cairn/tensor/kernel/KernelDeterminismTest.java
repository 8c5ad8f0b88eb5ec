package dev.cairn.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tensor.ColdStartTest;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.VectorMath;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A resumed training repeats the first one bit by bit only if every kernel does. */
public class KernelDeterminismTest {
    @Test
    @Tag("process")
    void theSameBitsWhetherInterpretedOrCompiledAndForAnyNumberOfThreads() throws Exception {
        Process interpreted = start("-Xint", "-Dcairn.threads=1");
        // The first compiler has its own way with vectors, and its process ends sooner.
        Process compiled = start("-XX:TieredStopAtLevel=1", "-Dcairn.threads=3");
        Map<String, Long> first = KernelDigest.compute();
        for (int i = 0; i < 100; i++) {
            assertThat(KernelDigest.compute()).as("repetition %d", i).isEqualTo(first);
        }
        assertThat(ThreadPool.inline(KernelDigest::compute)).isEqualTo(first);
        assertThat(printed(interpreted)).isEqualTo(first.toString());
        assertThat(printed(compiled)).isEqualTo(first.toString());
    }

    @Test
    void theSameBitsInTheLoopsOfAProcessThatHasJustBegun() throws Exception {
        Map<String, Long> inVectors = KernelDigest.compute();
        assertThat(ColdStartTest.inLoops(KernelDigest::compute)).isEqualTo(inVectors);
    }

    private static Process start(String... options) throws IOException {
        List<String> command =
                Stream.of(
                                Stream.of(Path.of(System.getProperty("java.home"), "bin", "java")),
                                Stream.of("--add-modules", "jdk.incubator.vector"),
                                // the order of a sum depends on the lanes of a vector
                                Stream.of(
                                        "-XX:MaxVectorSize=" + VectorMath.SPECIES.vectorByteSize()),
                                Stream.of("-XX:+UseSerialGC"),
                                Stream.of(options),
                                Stream.of("-cp", classPath(), KernelDigest.class.getName()))
                        .flatMap(words -> words)
                        .map(Object::toString)
                        .toList();
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static String printed(Process process) throws IOException, InterruptedException {
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s", process.info()).isZero();
        return printed.strip();
    }

    private static String classPath() {
        return Stream.concat(
                        Stream.of(KernelDigest.class, Kernels.class)
                                .map(c -> c.getProtectionDomain().getCodeSource().getLocation())
                                .map(url -> Path.of(URI.create(url.toString())).toString()),
                        Arrays.stream(
                                        System.getProperty("java.class.path")
                                                .split(File.pathSeparator))
                                .filter(entry -> entry.contains("dnnl")))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
