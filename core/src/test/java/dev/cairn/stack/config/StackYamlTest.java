package dev.cairn.stack.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.config.LearningRateSchedule;
import dev.cairn.config.SamplingParams;
import dev.cairn.config.TargetModules;
import dev.cairn.model.PeftConfig;
import dev.cairn.stack.Stacks;
import dev.cairn.stack.config.StageConfig.Adapter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StackYamlTest {
    private static final String HEAD = "name: n\nbase_model: m\noutput_dir: o\n";
    private static final String STAGES = "stages:\n  - {name: a, prompt: \"{{input}}\"}\n";

    @TempDir Path folder;

    @Test
    void whatIsLeftOutHasItsDefault() {
        StackConfig config = load(HEAD + STAGES);
        assertThat(config.description()).isEmpty();
        assertThat(config.data()).isNull();
        StageConfig stage = config.stages().getFirst();
        assertThat(stage.target().render(Map.of("a", "gold"))).isEqualTo(" gold");
        assertThat(stage.adapter()).isEqualTo(new Adapter.Trained());
        assertThat(stage.answerAfter()).isNull();
        assertThat(stage.decoding())
                .isEqualTo(new DecodingConfig(96, SamplingParams.GREEDY, List.of()));
        TrainingConfig training = stage.training();
        assertThat(training.lora().loraR()).isEqualTo(8);
        assertThat(training.lora().loraAlpha()).isEqualTo(16);
        assertThat(training.schedule().lrScheduler()).isEqualTo(LearningRateSchedule.Decay.COSINE);
        assertThat(training.trainOnInputs()).isFalse();
        assertThat(training.checkpoints().earlyStoppingPatience()).isZero();
        assertThat(training.upstream()).isEqualTo(new TrainingConfig.Upstream(1, 0));
    }

    @Test
    void theUpstreamOfAStageStandsForThatOfTheStack() {
        StackConfig config =
                load(
                        HEAD
                                + """
                                training: {upstream: {teacher: 0.5, student: 0.5}}
                                stages:
                                  - {name: a, prompt: "{{input}}"}
                                  - name: b
                                    prompt: "{{a}}"
                                    training: {upstream: {teacher: 0.9, student: 0.1}}
                                """);
        assertThat(config.stages())
                .extracting(stage -> stage.training().upstream())
                .containsExactly(
                        new TrainingConfig.Upstream(0.5, 0.5),
                        new TrainingConfig.Upstream(0.9, 0.1));
    }

    @Test
    void upstreamAreTheStagesThatAreReadDirectlyOrThroughOthers() {
        StackConfig config =
                load(
                        HEAD
                                + """
                                stages:
                                  - {name: a, prompt: "{{input}}"}
                                  - {name: b, prompt: "{{input}}"}
                                  - {name: c, prompt: "{{a}}"}
                                  - {name: d, prompt: "{{input}}{{c}}"}
                                """);
        assertThat(config.upstreamOf(config.stages().getFirst())).isEmpty();
        assertThat(config.upstreamOf(config.stages().getLast()))
                .extracting(StageConfig::name)
                .containsExactly("a", "c");
    }

    @Test
    void aCoinPerQuestionSaysWhoseTextsItsPromptShows() {
        TrainingConfig training = sharing("{teacher: 0.7, student: 0.3}", 1);
        // 4 standard deviations of 2000 coins are 82.
        assertThat(shown(training, "b")).hasSizeBetween(600 - 82, 600 + 82);
        // Computed apart from Cairn: SHA-256 of the seed, the stage and the id, each after its
        // length, as a share of all there are.
        assertThat(shown(training, "b"))
                .startsWith(questions(0, 1, 2, 7, 8, 10, 16, 17))
                .doesNotContain(questions(9, 13, 14, 15));
        assertThat(shown(training, "c")).startsWith(questions(4, 12, 17));
        assertThat(shown(sharing("{teacher: 0.7, student: 0.3}", 2), "b"))
                .startsWith(questions(0, 4, 13, 14, 16, 17));
        // Who is shown the student's texts at a share is so at a larger one too.
        assertThat(shown(sharing("{teacher: 0.4, student: 0.6}", 1), "b"))
                .containsAll(shown(training, "b"));
        assertThat(shown(sharing("{teacher: 1, student: 0}", 1), "b")).isEmpty();
        assertThat(shown(sharing("{teacher: 0, student: 1}", 1), "b")).hasSize(2000);
    }

    private TrainingConfig sharing(String upstream, int seed) {
        return load(HEAD + STAGES + "training: {seed: " + seed + ", upstream: " + upstream + "}\n")
                .stages()
                .getFirst()
                .training();
    }

    private static String[] questions(int... numbers) {
        return IntStream.of(numbers).mapToObj(i -> "question-" + i).toArray(String[]::new);
    }

    private static List<String> shown(TrainingConfig training, String stage) {
        return IntStream.range(0, 2000)
                .mapToObj(i -> "question-" + i)
                .filter(question -> training.showsStudent(stage, question))
                .toList();
    }

    @Test
    void aStageOverridesOnlyTheKeysItNames() {
        StackConfig config =
                load(
                        HEAD
                                + """
                                decoding: {max_new_tokens: 7, stop: [x, z], seed: 5}
                                training: {lora_r: 2, seed: 3, early_stopping_patience: 4}
                                stages:
                                  - {name: a, prompt: "{{input}}"}
                                  - name: b
                                    prompt: "{{a}}"
                                    decoding: {stop: [y], temperature: 0.5}
                                    training: {lora_r: 4, learning_rate: 1e-4}
                                """);
        StageConfig a = config.stages().get(0);
        StageConfig b = config.stages().get(1);
        assertThat(a.decoding())
                .isEqualTo(
                        new DecodingConfig(
                                7, SamplingParams.GREEDY.withSeed(5), List.of("x", "z")));
        assertThat(b.decoding())
                .isEqualTo(
                        new DecodingConfig(
                                7, new SamplingParams(0.5, 0, 1, 0, 1, 5), List.of("y")));
        assertThat(a.training().lora().loraR()).isEqualTo(2);
        assertThat(a.training().schedule().learningRate()).isEqualTo(3e-4);
        assertThat(b.training().lora().loraR()).isEqualTo(4);
        assertThat(b.training().schedule().learningRate()).isEqualTo(1e-4);
        assertThat(b.training().seed()).isEqualTo(3);
        assertThat(b.training().checkpoints().earlyStoppingPatience()).isEqualTo(4);
    }

    @Test
    void aPromptMayUseTheInputAndEveryEarlierStage() {
        StackConfig config =
                load(
                        HEAD
                                + """
                                stages:
                                  - {name: answer, prompt: "{{input}}"}
                                  - {name: b-2, prompt: "{{input}}{{answer}}"}
                                  - {name: c_3, prompt: "{{b-2}}{{answer}}", target: "{{gold}}"}
                                """);
        assertThat(config.stages().getLast().prompt().variables()).containsExactly("b-2", "answer");
        assertThat(config.trained()).hasSize(3);
    }

    @Test
    void relativePathsAreRelativeToTheFile() {
        StackConfig config =
                load(
                        """
                        name: n
                        base_model: ../models/m
                        output_dir: out/n
                        data: {path: questions.jsonl}
                        stages:
                          - {name: a, prompt: x}
                          - {name: b, prompt: x, adapter: trained}
                          - {name: c, prompt: x, adapter: none}
                          - {name: d, prompt: x, adapter: adapters/d}
                          - {name: e, prompt: x, adapter: /adapters/e}
                        """);
        assertThat(config.baseModel()).isEqualTo(folder.resolveSibling("models/m"));
        assertThat(config.outputDir()).isEqualTo(folder.resolve("out/n"));
        assertThat(config.data())
                .isEqualTo(new DataConfig.Files(folder.resolve("questions.jsonl"), null));
        assertThat(config.stages())
                .extracting(StageConfig::adapter)
                .containsExactly(
                        new Adapter.Trained(),
                        new Adapter.Trained(),
                        new Adapter.None(),
                        new Adapter.At(folder.resolve("adapters/d")),
                        new Adapter.At(Path.of("/adapters/e")));
        assertThat(config.trained()).extracting(StageConfig::name).containsExactly("a", "b");
        assertThat(config.stages())
                .extracting(stage -> config.adapterDirectory(stage, Path.of("/elsewhere")))
                .containsExactly(
                        Path.of("/elsewhere/a"),
                        Path.of("/elsewhere/b"),
                        null,
                        folder.resolve("adapters/d"),
                        Path.of("/adapters/e"));
    }

    @Test
    void aSampleHasItsSeedOrZero() {
        Path path = folder.resolve("q.json");
        assertThat(load(HEAD + STAGES + "data: {path: q.json, sample: 9, seed: -3}\n").data())
                .isEqualTo(new DataConfig.Files(path, new DataConfig.Sample(9, -3)));
        assertThat(load(HEAD + STAGES + "data: {path: q.json, sample: 9}\n").data())
                .isEqualTo(new DataConfig.Files(path, new DataConfig.Sample(9, 0)));
    }

    @Test
    void questionsComeFromTheGeneratorWhenItSaysSo() {
        assertThat(load(HEAD + STAGES + "data: {stories: {seed: 7, count: 2}}\n").data())
                .isEqualTo(new DataConfig.Stories(7, 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a      | {{a}}      | stages[0].prompt: {{a}} is not defined by an earlier stage; stage a may use input
                    a      | {{b}}      | stages[0].prompt: {{b}} is not defined by an earlier stage; stage a may use input
                    a      | {{inptu}}  | stages[0].prompt: {{inptu}} is not defined by an earlier stage; stage a may use input
                    a      | {{answer}} | stages[0].prompt: {{answer}} is not defined by an earlier stage; stage a may use input
                    a      | {{input}   | stages[0].prompt: bad template: '{{' without a closing '}}'; use only variables such as {{input}}
                    a      | ``         | stages[0].prompt: expected a string of at least one character, found ""
                    b      | x          | stages[1].name: 'b' is already taken; give each stage its own name
                    input  | x          | stages[0].name: 'input' is already taken; give each stage its own name
                    A      | x          | stages[0].name: expected a small letter, then small letters, digits, _ and -, found 'A'
                    a b    | x          | stages[0].name: expected a small letter, then small letters, digits, _ and -, found 'a b'
                    ../a   | x          | stages[0].name: expected a small letter, then small letters, digits, _ and -, found '../a'
                    ``     | x          | stages[0].name: expected a small letter, then small letters, digits, _ and -, found ''
                    """)
    void aStageThatCannotBeIsNamedWithItsKey(String name, String prompt, String message) {
        refuses(
                HEAD
                        + "stages:\n  - {name: \"%s\", prompt: \"%s\"}\n".formatted(name, prompt)
                        + "  - {name: b, prompt: x}\n",
                message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    target: ""           | target: expected a string of at least one character, found ""
                    target: "{{#b}}"     | target: bad template: sections {{#b}} are not supported; use only variables such as {{input}}
                    adapter: ""          | adapter: expected a string of at least one character, found ""
                    answer_after: ""     | answer_after: expected a string of at least one character, found ""
                    decoding: {top_p: 0} | decoding.top_p: expected above 0 and at most 1, found 0.0
                    training: {lora_r: 0} | training.lora_r: expected at least 1, found 0
                    training: {lorar: 1}  | training.lorar: unknown key; did you mean lora_r?
                    """)
    void aKeyOfAStageThatCannotBeIsNamedWithItsPlace(String key, String message) {
        refuses(HEAD + "stages:\n  - {name: a, prompt: x, " + key + "}\n", "stages[0]." + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    max_new_tokens: 0       | max_new_tokens: expected at least 1, found 0
                    temperature: -0.1       | temperature: expected 0 to 100, found -0.1
                    temperature: .nan       | temperature: expected 0 to 100, found NaN
                    top_k: -1               | top_k: expected 0 or more, found -1
                    top_p: 1.1              | top_p: expected above 0 and at most 1, found 1.1
                    min_p: 2                | min_p: expected 0 to 1, found 2.0
                    repetition_penalty: 0   | repetition_penalty: expected above 0 and at most 100, found 0.0
                    stop: [".", ""]         | stop: expected texts of at least one character
                    temprature: 1           | temprature: unknown key; did you mean temperature?
                    """)
    void decodingSettingsOutOfBoundsAreRefused(String setting, String message) {
        refuses(HEAD + STAGES + "decoding: {" + setting + "}\n", "decoding." + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    lora_r: 0                      | lora_r: expected at least 1, found 0
                    lora_alpha: 0                  | lora_alpha: expected above 0 and at most 1000000, found 0
                    lora_alpha: .inf               | lora_alpha: expected above 0 and at most 1000000, found Infinity
                    lora_dropout: 1                | lora_dropout: expected at least 0 and at most 0.99, found 1
                    sequence_len: 1                | sequence_len: expected at least 2, found 1
                    micro_batch_size: 0            | micro_batch_size: expected at least 1, found 0
                    gradient_accumulation_steps: 0 | gradient_accumulation_steps: expected at least 1, found 0
                    num_epochs: 0                  | num_epochs: expected at least 1, found 0
                    learning_rate: 0               | learning_rate: expected above 0 and at most 10, found 0
                    learning_rate: .nan            | learning_rate: expected above 0 and at most 10, found NaN
                    lr_scheduler: step             | lr_scheduler: expected constant or linear or cosine, found "step"
                    warmup_ratio: 1.5              | warmup_ratio: expected at least 0 and at most 1, found 1.5
                    weight_decay: -1               | weight_decay: expected at least 0 and at most 10, found -1
                    max_grad_norm: -1              | max_grad_norm: expected at least 0
                    adam_beta1: 1                  | adam_beta1: expected at least 0
                    adam_beta2: 1                  | adam_beta2: expected at least 0
                    adam_epsilon: 0                | adam_epsilon: expected above 0
                    eval_steps: 0                  | eval_steps: expected at least 1, found 0
                    save_steps: 0                  | save_steps: expected at least 1, found 0
                    early_stopping_patience: -1    | early_stopping_patience: expected at least 0, found -1
                    val_set_size: -1               | val_set_size: expected at least 0
                    val_set_size: 1.5              | val_set_size: expected a share below 1 or a whole number, found 1.5
                    rank_pattern: {dense: 0}       | rank_pattern: dense: expected at least 1, found 0
                    rank_pattern: {"(": 2}         | rank_pattern: (: expected a regular expression
                    rank_pattern: {dense: x}       | rank_pattern.dense: expected a whole number, found "x"
                    alpha_pattern: {dense: 0}      | alpha_pattern: dense: expected above 0
                    upstream: {teacher: 0.5, student: 0.6} | upstream.teacher: expected to add up to 1 with student, found 0.5 and 0.6
                    upstream: {teacher: 1.5, student: -0.5} | upstream.teacher: expected at least 0 and at most 1, found 1.5
                    upstream: {teacher: .nan, student: 1} | upstream.teacher: expected at least 0 and at most 1, found NaN
                    upstream: {student: 1}         | upstream.teacher: missing; expected a number
                    upstream: {techer: 1, student: 0} | upstream.techer: unknown key; did you mean teacher?
                    upstream: 0.5                  | upstream: expected keys and values, found 0.5
                    train_on_inputs: "no"          | train_on_inputs: expected true or false, found "no"
                    """)
    void trainingSettingsOutOfBoundsAreRefused(String setting, String message) {
        refuses(HEAD + STAGES + "training: {" + setting + "}\n", "training." + message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "5", "[5]", "[a, \" \"]", "\"(\"", "{a: b}", "\"\"", "true"})
    void targetModulesAreNamesARegularExpressionOrAllLinear(String modules) {
        refuses(
                HEAD + STAGES + "training: {lora_target_modules: " + modules + "}\n",
                "training.lora_target_modules: expected a list of names, a regular expression or"
                        + " all-linear, found ");
    }

    @Test
    void targetModulesHaveThreeForms() {
        assertThat(targetModules("all-linear")).isEqualTo(new TargetModules.AllLinear());
        assertThat(targetModules("\".*dense\"")).isEqualTo(new TargetModules.Regex(".*dense"));
        assertThat(targetModules("[b, a]")).isEqualTo(TargetModules.names("a", "b"));
    }

    @Test
    void someLayersMayHaveARankAndAnAlphaOfTheirOwn() {
        String patterns = "rank_pattern: {dense: 2}, alpha_pattern: {dense: 3.5}";
        PeftConfig peft =
                PeftConfig.of(
                        "base",
                        null,
                        load(HEAD + STAGES + "training: {" + patterns + "}\n")
                                .stages()
                                .getFirst()
                                .training()
                                .lora());

        assertThat(peft.rank("gpt_neox.layers.0.attention.dense")).isEqualTo(2);
        assertThat(peft.scale("gpt_neox.layers.0.attention.dense")).isEqualTo(3.5 / 2);
        assertThat(peft.rank("gpt_neox.layers.0.mlp.dense_4h_to_h")).isEqualTo(8);
    }

    private TargetModules targetModules(String modules) {
        return load(HEAD + STAGES + "training: {lora_target_modules: " + modules + "}\n")
                .stages()
                .getFirst()
                .training()
                .lora()
                .loraTargetModules();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                        | data: expected either path or stories, found neither
                    {path: x, stories: {seed: 1, count: 1}}   | data: expected either path or stories, found both
                    {path: x, sample: 0}                      | data.sample: expected at least 1, found 0
                    {path: x, sample: few}                    | data.sample: expected a whole number, found "few"
                    {path: x, seed: 1}                        | data.seed: belongs to sample; add sample or remove seed
                    {sample: 5}                               | data: expected either path or stories, found neither
                    {stories: {seed: 1, count: 1}, sample: 5} | data.sample: belongs to path; stories have their own count
                    {path: ""}                                | data.path: expected a string of at least one character, found ""
                    {storys: {seed: 1, count: 1}}             | data.storys: unknown key; did you mean stories?
                    {stories: {seed: 1}}                      | data.stories.count: missing; expected a whole number
                    {stories: {seed: 1, count: 0}}            | data.stories.count: expected at least 1, found 0
                    """)
    void dataIsAPathOrStories(String data, String message) {
        refuses(HEAD + STAGES + "data: " + data + "\n", message);
    }

    @Test
    void aStackNeedsABaseAndStages() {
        refuses(HEAD + "stages: []\n", "stages: expected at least one stage, found none");
        refuses("name: n\noutput_dir: o\n" + STAGES, "base_model: missing; expected a string");
        refuses(
                "name: n\nbase_model: \"\"\noutput_dir: o\n" + STAGES,
                "base_model: expected a string of at least one character, found \"\"");
        refuses(
                "name: n\nbase_model: m\noutput_dir: \"\"\n" + STAGES,
                "output_dir: expected a string of at least one character, found \"\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0.05, 0, 0",
        "0.05, 1, 0",
        "0.05, 2, 1",
        "0.05, 100, 5",
        "0.05, 101, 6",
        "0, 50, 0",
        "1, 50, 1",
        "30, 50, 30",
        "50, 50, 49",
        "1e9, 3, 2"
    })
    void validationTakesAShareOrANumberAndLeavesAQuestionToLearnFrom(
            String size, int questions, int heldBack) {
        TrainingConfig training =
                load(HEAD + STAGES + "training: {val_set_size: " + size + "}\n")
                        .stages()
                        .getFirst()
                        .training();
        assertThat(training.validationCount(questions)).isEqualTo(heldBack);
    }

    private StackConfig load(String yaml) {
        return Stacks.load(folder, yaml);
    }

    private void refuses(String yaml, String message) {
        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(folder.resolve("stack.yaml") + ": " + message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainPattern("\\R"));
    }
}
