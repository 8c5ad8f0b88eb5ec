package dev.cairn.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.config.TargetModules;
import dev.cairn.format.SafetensorsTensor;
import dev.cairn.format.SafetensorsWriter;
import dev.cairn.model.CausalLm;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.PeftConfig;
import dev.cairn.model.TinyModels;
import dev.cairn.tensor.kernel.Kernels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A checkpoint that does not belong to the run, or is damaged. */
class CheckpointTest {
    @TempDir Path directory;
    private Path file;

    @BeforeEach
    void writeOne() {
        file = directory.resolve("checkpoint.safetensors");
        TrainingRun run = run(rank(1));
        Trainer.train(run, false, log -> {});
        assertThat(file).exists();
    }

    private static PeftConfig rank(int rank) {
        return PeftConfig.of("tiny", rank, 2, 0, TargetModules.names("o_proj"));
    }

    private TrainingRun run(PeftConfig config) {
        CausalLm model = TinyModels.frozen(TinyModels.config("llama"), Kernels.vector());
        TinyRuns.Written plan = TinyRuns.Written.repeated(12, List.of(TinyRuns.examples(1, 1)));
        TrainSettings settings = TinyRuns.settings().saveSteps(5).evalSteps(12).build();
        LoraAdapter adapter = LoraAdapter.fresh(model, config, 3);
        return TinyRuns.run(model, adapter, plan, settings, directory);
    }

    @Test
    void anExistingRunIsNotOverwrittenWithoutResume() throws IOException {
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> Trainer.train(run(rank(1)), false, log -> {}))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        directory
                                + ": contains an earlier run; resume it, choose another output folder, or delete this one");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aRunUnderOtherSettingsIsRefusedNamingTheDifference() {
        assertResumeRefused(
                TinyRuns.withFingerprint(
                        run(rank(1)), TinyRuns.FINGERPRINT.replace("0.02", "0.03")),
                "was made with other settings or data (then learning_rate 0.02, now learning_rate 0.03)");
        assertResumeRefused(
                TinyRuns.withFingerprint(run(rank(1)), TinyRuns.FINGERPRINT + "\nseed 2"),
                "was made with other settings or data (then nothing, now seed 2)");
        assertResumeRefused(
                TinyRuns.withFingerprint(run(rank(1)), "base tiny"),
                "was made with other settings or data (then learning_rate 0.02, now nothing)");
    }

    @Test
    void weightsOfOtherShapesAreRefused() {
        assertResumeRefused(run(rank(2)), "lora_A.weight': expected shape [2, 36], found [1, 36]");
    }

    @Test
    void moreOrFewerWeightsAreRefused() {
        assertResumeRefused(
                run(PeftConfig.of("tiny", 1, 2, 0, TargetModules.names("o_proj", "up_proj"))),
                "expected the 32 tensors of this model, found 16");
        assertResumeRefused(
                run(
                        PeftConfig.of(
                                "tiny",
                                1,
                                2,
                                0,
                                TargetModules.names("model.layers.0.self_attn.o_proj"))),
                "expected the 8 tensors of this model, found 16");
        assertResumeRefused(
                run(PeftConfig.of("tiny", 1, 2, 0, TargetModules.names("up_proj"))), "no tensor");
    }

    @Test
    void anotherProgramsFileIsRefused() {
        SafetensorsWriter.write(
                file, Map.of(), List.of(SafetensorsTensor.f32("w", new float[2], 2)));

        assertResumeRefused(run(rank(1)), ": not a Cairn checkpoint; delete it to start over");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-2", "1x", "  "})
    void aStepThatCannotBeIsRefused(String step) throws IOException {
        String latin = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(latin).contains("\"step\":\"12\"");
        String damaged = latin.replace("\"step\":\"12\"", "\"step\":\"" + step + "\"");
        Files.writeString(file, damaged, StandardCharsets.ISO_8859_1);

        assertResumeRefused(run(rank(1)), ": not a Cairn checkpoint; delete it to start over");
    }

    /** Version 0.2 and before measured nothing but losses. */
    @Test
    void aCheckpointWithoutMeasuresIsContinued() throws IOException {
        String latin = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(latin).contains("\"best_measure\"");
        String older = latin.replace("\"best_measure\"", "\"past_measure\"");
        Files.writeString(file, older, StandardCharsets.ISO_8859_1);

        assertThat(Trainer.train(run(rank(1)), true, log -> {}).steps()).isEqualTo(12);
    }

    @Test
    void truncationIsRefusedWhereverItCuts() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length += 97) {
            Files.write(file, Arrays.copyOf(bytes, length));
            assertResumeRefused(run(rank(1)), "");
        }
    }

    /** A flipped bit in a number goes unnoticed, but nothing may fail in any other way. */
    @Test
    void damageToTheHeaderIsRefusedOrHarmless() throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(3);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] copy = bytes.clone();
            copy[random.nextInt(2000)] = (byte) random.nextInt(32, 127);
            Files.write(file, copy);
            try {
                Trainer.train(run(rank(1)), true, log -> {});
            } catch (CairnException e) {
                assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(150);
    }

    private void assertResumeRefused(TrainingRun run, String complaint) {
        assertThatThrownBy(() -> Trainer.train(run, true, log -> {}))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(complaint)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }
}
