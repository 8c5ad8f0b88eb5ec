package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("process")
class DoctorTest {
    /** Too short to measure well; the process of its own takes the time that users wait for. */
    private static final Duration HURRY = Duration.ofMillis(200);

    private static Cli.Result doctor(Object... args) {
        return Cli.run(new CommandLine(new Doctor(HURRY)), "", args);
    }

    @Test
    void saysWhatIsHere() {
        Cli.Result doctor = doctor();

        assertThat(doctor.status()).isZero();
        assertThat(doctor.out())
                .contains("Java               " + Runtime.version())
                .contains("cores              " + Runtime.getRuntime().availableProcessors())
                .contains("tokenizers         found, unpacked under ")
                .containsPattern("memory bandwidth   [0-9.]+ GB/s")
                .containsPattern("matrix rate        [0-9]+ GFLOP/s")
                .containsPattern("vectors            (64|128|256|512) bits in use");
    }

    @ParameterizedTest
    @ValueSource(strings = {"25", "25.0.1+8-LTS", "25.0.2"})
    void warnsOfVersionsOfJavaWithABug(String version) {
        assertThat(Doctor.javaWarning(Runtime.Version.parse(version)))
                .hasValueSatisfying(warning ->
                        assertThat(warning)
                                .startsWith("Java " + version + " has the bug JDK-8377811: ")
                                .contains("install 25.0.3 or newer")
                                .doesNotContain("\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"25.0.3+9-LTS", "25.0.10", "25.1", "26-ea", "26"})
    void doesNotWarnOfOtherVersionsOfJava(String version) {
        assertThat(Doctor.javaWarning(Runtime.Version.parse(version))).isEmpty();
    }

    @Test
    void saysWhetherOneDnnIsInUse() throws Exception {
        assertThat(doctor().out())
                .containsPattern("oneDNN             (in use, version 3|not in use: ).*");

        Cli.Result inJava = Child.result(Child.start(Map.of(), "doctor", "--no-native"));
        assertThat(inJava.status()).isZero();
        assertThat(inJava.out())
                .contains("oneDNN             not in use: switched off")
                .doesNotContain("oneDNN, f32");
    }

    @Test
    void saysItToMachinesAndKeepsTheTokenToItself() {
        JsonNode json = JsonMapper.shared().readTree(doctor("--json").out());

        assertThat(json.propertyNames())
                .containsExactly(
                        "program",
                        "machine",
                        "speed",
                        "native libraries",
                        "folders",
                        "environment");
        assertThat(json.path("folders").path("models").asString()).isNotBlank();
        String token = json.path("environment").path("HF_TOKEN").asString();
        assertThat(token).isIn("not set", "set, not shown");
        assertThat(json.path("environment").path("JAVA_HOME").asString())
                .isEqualTo(System.getenv().getOrDefault("JAVA_HOME", "not set"));
    }

    @Test
    void measuresNumbersAboveZeroInAnyLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            JsonNode speed = JsonMapper.shared().readTree(doctor("--json").out()).path("speed");
            String bandwidth = speed.path("memory bandwidth").asString().replace(" GB/s", "");
            assertThat(Double.parseDouble(bandwidth)).isPositive();
        } finally {
            Locale.setDefault(before);
        }
    }
}
