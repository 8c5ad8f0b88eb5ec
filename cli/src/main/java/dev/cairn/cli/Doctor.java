package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.cli.option.Environment;
import dev.cairn.cli.option.JsonOption;
import dev.cairn.hub.HubSettings;
import dev.cairn.recipe.ProgramVersion;
import dev.cairn.tensor.Processor;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.tensor.kernel.Kernels;
import dev.cairn.tensor.kernel.Speed;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn doctor}: shows what Cairn found on this machine, and how fast it is. */
@Command(
        name = "doctor",
        description = "Show what Cairn runs on here, how fast that is, and which settings apply.")
final class Doctor implements Callable<Integer> {
    /** Linux's names of the instruction sets that matter to kernels. */
    private static final Set<String> FEATURES =
            Set.of(
                    "avx2",
                    "fma",
                    "avx512f",
                    "avx512_bf16",
                    "avx512_vnni",
                    "amx_bf16",
                    "amx_int8",
                    "asimd",
                    "bf16",
                    "i8mm",
                    "sve");

    /** Every variable that changes what Cairn does. */
    private static final List<String> VARIABLES =
            List.of(
                    "CAIRN_JAVA_HOME",
                    "CAIRN_JVM_DIRS",
                    "CAIRN_JAVA_OPTS",
                    "JAVA_HOME",
                    "DJL_CACHE_DIR",
                    "HF_HOME",
                    "HF_HUB_CACHE",
                    "HUGGINGFACE_HUB_CACHE",
                    "XDG_CACHE_HOME",
                    "HF_ENDPOINT",
                    "HF_HUB_OFFLINE",
                    "TRANSFORMERS_OFFLINE",
                    "HF_HUB_DISABLE_IMPLICIT_TOKEN",
                    "HF_TOKEN_PATH",
                    "HF_TOKEN",
                    "HUGGING_FACE_HUB_TOKEN");

    private static final Set<String> SECRETS = Set.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");

    private final Duration timeEach;

    @Mixin private JsonOption json = new JsonOption();

    private boolean isIll;

    Doctor() {
        this(Duration.ofSeconds(1));
    }

    /**
     * A doctor with a given measuring time.
     *
     * @param timeEach how long to measure each speed
     */
    Doctor(Duration timeEach) {
        this.timeEach = timeEach;
    }

    @Override
    public Integer call() {
        Map<String, Map<String, String>> findings = new LinkedHashMap<>();
        findings.put("program", program());
        findings.put("machine", machine());
        findings.put("speed", speed());
        findings.put("native libraries", libraries());
        findings.put("folders", folders());
        findings.put("environment", environment());
        System.out.println(
                json.isWanted()
                        ? JsonMapper.shared().writeValueAsString(findings)
                        : text(findings));
        return isIll ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private static String text(Map<String, Map<String, String>> findings) {
        return findings.entrySet().stream()
                .map(part ->
                        part.getKey()
                                + part.getValue().entrySet().stream()
                                        .map(e ->
                                                "\n  %-18s %s".formatted(e.getKey(), e.getValue()))
                                        .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
    }

    private static Map<String, String> program() {
        Map<String, String> program = new LinkedHashMap<>();
        program.put("cairn", ProgramVersion.here().number());
        program.put("Java", "%s, %s".formatted(Runtime.version(), property("java.vendor")));
        program.put("Java home", property("java.home"));
        javaWarning(Runtime.version()).ifPresent(warning -> program.put("warning", warning));
        return program;
    }

    /** A one-line warning about a version of Java, with the remedy. */
    static Optional<String> javaWarning(Runtime.Version version) {
        boolean movesPinnedObjects =
                version.feature() == 25 && version.interim() == 0 && version.update() < 3;
        return movesPinnedObjects
                ? Optional.of(
                        "Java %s has the bug JDK-8377811: its G1 collector may move arrays that native code is using, and so corrupt data; ./cairn uses the serial collector and is not affected, but install 25.0.3 or newer for programs that use Cairn as a library"
                                .formatted(version))
                : Optional.empty();
    }

    private static Map<String, String> machine() {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put(
                "system",
                "%s %s, %s"
                        .formatted(
                                property("os.name"), property("os.version"), property("os.arch")));
        machine.put("processor", Processor.here().model());
        machine.put(
                "cores",
                "%d, of which kernels use %d"
                        .formatted(
                                Runtime.getRuntime().availableProcessors(), ThreadPool.threads()));
        machine.put("vectors", vectors());
        machine.put("memory", memory());
        return machine;
    }

    private static String vectors() {
        Set<String> features = new TreeSet<>(Processor.here().features());
        features.retainAll(FEATURES);
        return "%d bits in use%s"
                .formatted(
                        Speed.vectorBits(),
                        features.isEmpty()
                                ? ""
                                : "; the processor has " + String.join(" ", features));
    }

    private static String memory() {
        String max = Show.bytes(Runtime.getRuntime().maxMemory());
        String heap = "Java takes at most %s (CAIRN_JAVA_OPTS=-Xmx... changes it)".formatted(max);
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean os
                ? "%s, %s free; %s"
                        .formatted(
                                Show.bytes(os.getTotalMemorySize()),
                                Show.bytes(os.getFreeMemorySize()),
                                heap)
                : heap;
    }

    private Map<String, String> speed() {
        Map<String, String> speed = new LinkedHashMap<>();
        speed.put(
                "memory bandwidth",
                String.format(Locale.ROOT, "%.1f GB/s", Speed.memoryBandwidth(timeEach) / 1e9));
        speed.put(
                "matrix rate",
                String.format(
                        Locale.ROOT, "%.0f GFLOP/s in float32", Speed.matrixRate(timeEach) / 1e9));
        for (Speed.Numbers numbers : Speed.Numbers.values()) {
            Speed.nativeMatrixRate(numbers, timeEach.dividedBy(2))
                    .ifPresent(rate ->
                            speed.put(
                                    "oneDNN, " + numbers.name().toLowerCase(Locale.ROOT),
                                    String.format(Locale.ROOT, "%.0f GFLOP/s", rate / 1e9)));
        }
        return speed;
    }

    private Map<String, String> libraries() {
        Map<String, String> libraries = new LinkedHashMap<>();
        libraries.put("tokenizers", tokenizers());
        libraries.put("oneDNN", Kernels.nativeStatus());
        return libraries;
    }

    private String tokenizers() {
        try {
            return "found, unpacked under " + Tokenizer.nativeLibraryFolder();
        } catch (CairnException e) {
            isIll = true;
            return Failure.oneLine(String.valueOf(e.getMessage()));
        }
    }

    private Map<String, String> folders() {
        Map<String, String> folders = new LinkedHashMap<>();
        try {
            HubSettings hub = Environment.hub();
            folders.put("models", describe(hub.cache()));
            folders.put("hub", hub.endpoint() + (hub.offline() ? " (offline)" : ""));
        } catch (CairnException e) {
            isIll = true;
            folders.put("hub", Failure.oneLine(String.valueOf(e.getMessage())));
        }
        folders.put("temporary files", describe(Path.of(property("java.io.tmpdir"))));
        return folders;
    }

    private static String describe(Path folder) {
        if (!Files.exists(folder)) {
            return folder + " (not there yet)";
        }
        try {
            String free = Show.bytes(Files.getFileStore(folder).getUsableSpace());
            return "%s (%s, %s free)"
                    .formatted(
                            folder, Files.isWritable(folder) ? "writable" : "NOT writable", free);
        } catch (IOException e) {
            return folder + " (unreadable)";
        }
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String name : VARIABLES) {
            String value = Environment.variables().get(name);
            environment.put(
                    name,
                    value == null
                            ? "not set"
                            : SECRETS.contains(name)
                                    ? "set, not shown"
                                    : value.replaceAll("//[^/@]*@", "//***@"));
        }
        return environment;
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }
}
