package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PretrainTest {
    @TempDir private static Path shared;
    private static Path base;

    @TempDir private Path temp;

    @BeforeAll
    static void pretrain() {
        base = TinyBase.in(shared);
    }

    @Test
    void theModelDirectoryIsWhatOpensAsAModel() {
        CausalLm model = Models.open(base);
        assertThat(model.config().vocabSize()).isEqualTo(400);
        assertThat(model.config().eosIds()).containsExactly(0);
        Tokenizer tokenizer = Tokenizer.load(base);
        assertThat(tokenizer.vocabSize()).isEqualTo(400);
        assertThat(tokenizer.decode(tokenizer.encode("Emma ran."))).isEqualTo("Emma ran.");
        assertThat(base.resolve("tokenizer_config.json")).content().contains("<|endoftext|>");
    }

    @Test
    void aModelThatIsThereIsNotTouched() throws IOException {
        byte[] before = weights(base);
        Cli.Result result = cairn("pretrain", shared.resolve("pretrain.yaml"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains(base + ": contains a model", "--resume");
        assertThat(weights(base)).isEqualTo(before);
    }

    @Test
    void aModelWithoutItsRunIsNotTrainedAnew() throws IOException {
        Path copy = Files.createDirectory(temp.resolve("base"));
        for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            Files.copy(base.resolve(name), copy.resolve(name));
        }
        Path config = TinyBase.write(temp.resolve("pretrain.yaml"), TinyBase.CONFIG);
        Cli.Result result = cairn("pretrain", config, "--resume");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(copy + ": contains a model but no run to continue");
        assertThat(weights(copy)).isEqualTo(weights(base));
    }

    @Test
    @Tag("process")
    void aRunKilledAnywhereGoesOnToTheSameModel() throws IOException {
        Path config = TinyBase.write(temp.resolve("pretrain.yaml"), TinyBase.CONFIG);
        Path model = temp.resolve("base");
        List<Predicate<String>> moments =
                List.of(
                        line -> line.contains("learning a vocabulary"),
                        line -> line.contains("tokens to train on"), // no checkpoint yet
                        line -> line.contains("step 8 of 40"));
        for (Predicate<String> moment : moments) {
            assertThat(Child.killedAt(moment, "pretrain", config, "--resume"))
                    .isEqualTo(Child.KILLED);
            assertThat(model.resolve("model.safetensors")).doesNotExist();
        }
        assertThat(cairn("pretrain", config, "--resume").status()).isZero();
        for (String name :
                List.of(
                        "config.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "model.safetensors")) {
            assertThat(model.resolve(name)).hasSameBinaryContentAs(base.resolve(name));
        }
        assertThat(files(model)).isEqualTo(files(base));
    }

    @Test
    void aFinishedRunStaysAsItIs() throws IOException {
        Cli.Result result =
                cairn("pretrain", shared.resolve("pretrain.yaml"), "--output", base, "--resume");
        assertThat(result.status()).isZero();
        assertThat(result.err()).contains("40 steps").doesNotContain("step 4 of");
    }

    /** Before anything of the earlier run is overwritten. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hidden_size: 16 | hidden_size: 32 | then model.hidden_size: 16, now",
                "vocab_size: 400 | vocab_size: 410 | then tokenizer.vocab_size: 400, now",
                "learning_rate: 0.01 | learning_rate: 0.02 | then training.learning_rate: 0.01, now",
                "seed: 1, count: 30 | seed: 2, count: 30 | tokens to train on",
            })
    void aRunIsNotResumedUnderOtherSettings(String from, String to, String difference)
            throws IOException {
        Path config =
                TinyBase.write(
                        temp.resolve("pretrain.yaml"), TinyBase.changed(TinyBase.CONFIG, from, to));
        byte[] configBefore = Files.readAllBytes(base.resolve("config.json"));
        byte[] tokenizerBefore = Files.readAllBytes(base.resolve("tokenizer.json"));
        Cli.Result result = cairn("pretrain", config, "--output", base, "--resume");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lastError()).contains("checkpoint.safetensors", difference);
        assertThat(base.resolve("config.json")).hasBinaryContent(configBefore);
        assertThat(base.resolve("tokenizer.json")).hasBinaryContent(tokenizerBefore);
    }

    @Test
    void aRunWithoutACheckpointBeginsAnewUnderTheSettingsItHasNow() throws IOException {
        Path model = temp.resolve("base");
        TinyBase.write(model.resolve("config.json"), "{}");
        TinyBase.write(model.resolve("tokenizer.json"), "{}");
        Path config = TinyBase.write(temp.resolve("pretrain.yaml"), TinyBase.CONFIG);
        assertThat(cairn("pretrain", config, "--resume").status()).isZero();
        assertThat(weights(model)).isEqualTo(weights(base));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch_size: 4 | batch_size: 0 | yaml: training.batch_size: expected at least 1, found 0",
                "steps: 40 | steps: 0 | yaml: training.steps: expected at least 1, found 0",
                "eval_steps: 4 | eval_steps: 0 | yaml: training.eval_steps: expected at least 1, found 0",
                "save_steps: 3 | 'early_stopping_patience: -1\n  save_steps: 3' | yaml: training.early_stopping_patience: expected at least 0, found -1",
                "save_steps: 3 | 'previous_token_heads: -1\n  save_steps: 3' | yaml: training.previous_token_heads: expected at least 0, found -1",
                "save_steps: 3 | 'previous_token_heads: 3\n  save_steps: 3' | yaml: training.previous_token_heads: expected at most num_attention_heads, 2, found 3",
                "save_steps: 3 | 'optimizer: lion\n  save_steps: 3' | yaml: training.optimizer: expected adamw or muon",
                "save_steps: 3 | save_steps: 0 | yaml: training.save_steps: expected at least 1, found 0",
                "sequence_len: 32 | sequence_len: 161 | yaml: training.sequence_len: expected at most max_position_embeddings, 160, found 161",
                "learning_rate: 0.01 | learning_rate: .nan | yaml: training.learning_rate: expected above 0",
                "learning_rate: 0.01 | learning_rate: fast | yaml: training.learning_rate: expected a number",
                "warmup_ratio: 0.1 | warmup_ratio: 1.5 | yaml: training.warmup_ratio: expected at least 0",
                "vocab_size: 400 | vocab_size: 256 | yaml: tokenizer.vocab_size: expected at least 257",
                "vocab_size: 400 | vocab_size: 90000 | yaml: tokenizer.vocab_size: the texts are too small",
                "val_share: 0.02 | val_share: -0.1 | yaml: text.val_share: expected at least 0 and at most 0.5",
                "val_share: 0.02 | val_share: 2 | yaml: text.val_share: expected at least 0 and at most 0.5",
                "count: 30 | count: 0 | yaml: text.curriculum.count: expected at least 1, found 0",
                "seed: 1, count: 30 | seed: 1, coumt: 300 | yaml: text.curriculum.coumt: unknown key; did you mean count?",
                "weight_decay: 0.05 | weight_decoy: 0.05 | yaml: training.weight_decoy: unknown key; did you mean weight_decay?",
                "files: [ | 'files: [books, ' | books: no such text file or folder",
                "lr_scheduler: cosine | lr_scheduler: sine | yaml: training.lr_scheduler: expected constant or linear or cosine",
                "num_attention_heads: 2 | num_attention_heads: 3 | yaml: model:",
                "model_type: gpt_neox | model_type: gpt9 | model_type is gpt9, which is not supported",
                "hidden_size: 16 | vocab_size: 16 | yaml: model.vocab_size: set automatically; leave it out",
            })
    void aMistakeInTheYamlIsOneLine(String from, String to, String message) {
        Cli.Result result =
                cairn(
                        "pretrain",
                        TinyBase.write(
                                temp.resolve("pretrain.yaml"),
                                TinyBase.changed(TinyBase.CONFIG, from, to)));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.lastError()).startsWith("cairn: ").contains(message);
        assertThat(result.err()).doesNotContain("\tat ", "Exception", "internal error");
        assertThat(temp.resolve("base/model.safetensors")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"A short text.", "   \n\n  ", ""})
    void aTextTooShortToLearnFromIsOneLine(String text) {
        TinyBase.write(temp.resolve("books/book.txt"), text);
        Path config =
                TinyBase.write(
                        temp.resolve("pretrain.yaml"),
                        TinyBase.changed(
                                TinyBase.CONFIG,
                                "curriculum: {seed: 1, count: 30}",
                                "",
                                TinyBase.STORIES.toString(),
                                "books",
                                "vocab_size: 400",
                                "vocab_size: 257"));
        Cli.Result result = cairn("pretrain", config);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.lastError())
                .startsWith("cairn: " + config)
                .containsAnyOf(
                        "training.sequence_len: expected fewer",
                        "expected files or a curriculum to learn from");
    }

    @Test
    void theProbesStandBesideTheValidationLoss() throws IOException {
        List<String> log = Files.readAllLines(base.resolve("run/train_log.jsonl"));
        assertThat(log).hasSize(40);
        for (int step = 1; step <= log.size(); step++) {
            JsonNode line = JsonMapper.shared().readTree(log.get(step - 1));
            boolean isMeasured = step % 4 == 0;
            assertThat(line.has("measures")).isEqualTo(isMeasured);
            if (isMeasured) {
                assertThat(line.path("measures").propertyNames())
                        .containsExactly("repeat", "recall", "last-line");
                assertThat(line.path("measures"))
                        .allMatch(share -> share.doubleValue() >= 0 && share.doubleValue() <= 1);
                assertThat(line.path("valLoss").isNumber()).isTrue();
            }
        }
    }

    /** At this learning rate the loss only rises; a probe may still hit by chance, now and then. */
    @Test
    void aRunEndsOnceNothingImproves() {
        Path config = TinyBase.write(temp.resolve("pretrain.yaml"), patient("2"));
        Cli.Result result = cairn("pretrain", config);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err())
                .containsPattern("step 1 of 40, loss .*, validation .*, repeat [0-9.]+%, recall ")
                .doesNotContain("step 40 of 40");
        // Patience is one of the settings that a resumed run must keep.
        TinyBase.write(config, patient("3"));
        assertThat(cairn("pretrain", config, "--resume").lastError())
                .contains("then training.early_stopping_patience: 2, now");
    }

    private static String patient(String patience) {
        return TinyBase.changed(
                TinyBase.CONFIG,
                "save_steps: 3",
                "save_steps: 3\n  early_stopping_patience: " + patience,
                "eval_steps: 4",
                "eval_steps: 1",
                "learning_rate: 0.01",
                "learning_rate: 3");
    }

    @Test
    void withoutAValidationSetItSaysSo() {
        Path config =
                TinyBase.write(
                        temp.resolve("pretrain.yaml"),
                        TinyBase.changed(
                                TinyBase.CONFIG,
                                "val_share: 0.02",
                                "val_share: 0",
                                "steps: 40",
                                "steps: 2"));
        Cli.Result result = cairn("pretrain", config);
        assertThat(result.status()).isZero();
        assertThat(result.lastError()).contains("2 steps, no validation set");
    }

    @Test
    void anOutputThatCannotBeWrittenIsOneLine() {
        Path file = TinyBase.write(temp.resolve("file"), "in the way");
        Cli.Result result =
                cairn("pretrain", shared.resolve("pretrain.yaml"), "--output", file.resolve("x"));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).hasLineCount(1).contains(file.toString(), "cannot write");
    }

    private static byte[] weights(Path directory) throws IOException {
        return Files.readAllBytes(directory.resolve("model.safetensors"));
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.map(file -> directory.relativize(file).toString()).sorted().toList();
        }
    }
}
