package dev.cairn.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.data.QuestionSet;
import dev.cairn.data.stories.Split;
import dev.cairn.data.stories.StoryGenerator;
import dev.cairn.eval.PairedComparison;
import dev.cairn.recipe.distillation.Distillation;
import dev.cairn.recipe.distillation.DistillationResult;
import dev.cairn.recipe.evaluation.ComparisonResults;
import dev.cairn.recipe.evaluation.QuestionEvaluation;
import dev.cairn.recipe.evaluation.QuestionResults;
import dev.cairn.recipe.evaluation.RunComparison;
import dev.cairn.recipe.evaluation.TaskEvaluation;
import dev.cairn.recipe.evaluation.TaskResults;
import dev.cairn.recipe.training.PretrainedModel;
import dev.cairn.recipe.training.Pretraining;
import dev.cairn.recipe.training.TrainedStack;
import dev.cairn.recipe.training.Training;
import dev.cairn.remote.FakeTeacher;
import dev.cairn.stack.config.DataConfig;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.TeacherConfig;
import dev.cairn.stack.config.TrainingConfig;
import dev.cairn.text.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a program can do with Cairn beyond answering, on models small enough for a test. The regions
 * between {@code docs:} and {@code end} are what docs/library.md shows.
 */
class LibraryRecipesTest {
    private static final String PRETRAIN =
            """
            output_dir: base
            model:
              architectures: [GPTNeoXForCausalLM]
              model_type: gpt_neox
              hidden_size: 16
              intermediate_size: 32
              num_hidden_layers: 2
              num_attention_heads: 2
              max_position_embeddings: 640
              rotary_pct: 0.5
              rotary_emb_base: 10000
              hidden_act: gelu
              use_parallel_residual: true
              layer_norm_eps: 0.00001
              tie_word_embeddings: false
            tokenizer:
              vocab_size: 300
            text:
              files: []
              curriculum: {seed: 1, count: 60}
              val_share: 0.05
            training:
              sequence_len: 32
              batch_size: 4
              steps: 6
              learning_rate: 0.01
              lr_scheduler: cosine
              warmup_ratio: 0.1
              weight_decay: 0.05
              max_grad_norm: 1.0
              eval_steps: 3
              save_steps: 3
              seed: 1
            """;

    private static final String STACK =
            """
            name: tiny
            base_model: base
            output_dir: tiny
            data:
              stories: {seed: 3, count: 24}
            training: {sequence_len: 128, num_epochs: 1, micro_batch_size: 2, save_steps: 2}
            decoding: {max_new_tokens: 4}
            stages:
              - name: focus
                prompt: "{{input}}\\nFocus:"
              - name: answer
                prompt: "{{input}}\\nFocus: {{focus}}\\nAnswer:"
            """;

    private static final String TASK =
            """
            task: places
            test_file: places.jsonl
            output_type: multiple_choice
            doc_to_text: "{{question}}"
            doc_to_choice: choices
            doc_to_target: answer
            metric_list:
              - metric: acc
            """;

    @TempDir private static Path folder;

    @AutoClose
    private final FakeTeacher teacher = FakeTeacher.saying(prompt -> "Think of a place.");

    /** Pre-trains the base that everything here is trained on. */
    @BeforeAll
    static void pretrain() throws IOException {
        Files.writeString(folder.resolve("pretrain.yaml"), PRETRAIN);
        // docs: pretrain
        PretrainedModel model = Pretraining.load(folder.resolve("pretrain.yaml")).run();
        String summary = model.directory() + ": " + model.outcome();
        // end
        assertThat(summary).contains("base: 6 steps, best validation loss");
        assertThat(model.outcome().validationLoss()).isPositive();
        assertThat(model.curve().points()).hasSize(6);
        Files.writeString(folder.resolve("stack.yaml"), STACK);
        QuestionSet.write(
                folder.resolve("held-out.jsonl"), StoryGenerator.questions(7, 5, Split.HELD_OUT));
        Files.writeString(folder.resolve("places.yaml"), TASK);
        Files.writeString(
                folder.resolve("places.jsonl"),
                IntStream.range(0, 4)
                        .mapToObj(i ->
                                """
                                {"question": "Olga took ball %d to the", "choices": ["park", "hat"], "answer": %d}
                                """
                                        .formatted(i, i % 2))
                        .collect(Collectors.joining()));
    }

    private static StackConfig tiny() {
        return StackConfig.load(folder.resolve("stack.yaml"), ModelFinder.PATHS);
    }

    /** The same as the YAML's, but for its name and its folder. */
    private static StackConfig coded(String name) {
        return StackConfig.builder(name, folder.resolve("base"))
                .outputDir(folder.resolve(name))
                .data(DataConfig.stories(3, 24))
                .training(tiny().stages().getFirst().training())
                .decoding(DecodingConfig.DEFAULT.withMaxNewTokens(4))
                .stage("focus", "{{input}}\nFocus:")
                .stage("answer", "{{input}}\nFocus: {{focus}}\nAnswer:")
                .build();
    }

    private static byte[] adapter(TrainedStack trained, int stage) throws IOException {
        return Files.readAllBytes(
                trained.stages().get(stage).adapter().resolve("adapter_model.safetensors"));
    }

    @Test
    void trainsFromYamlAndFromCodeToTheSameBytesAndResumes() throws IOException {
        // docs: train
        StackConfig config =
                StackConfig.load(folder.resolve("stack.yaml"), HubModelFinder.ofThisMachine());
        TrainedStack trained = Training.of(config).run();
        String loss = trained.stages().getLast().outcome().toString();
        String answer = trained.open().answer("Paul took the hat. Who has the hat?").text();
        // end
        assertThat(loss).contains("best validation loss");
        assertThat(answer).isNotNull();
        assertThat(trained.stages()).extracting(s -> s.name()).containsExactly("focus", "answer");
        assertThat(trained.curves()).hasSize(2);
        assertThat(trained.report()).content().contains("Training of tiny", "Stage focus");

        TrainedStack same = Training.of(coded("coded")).run();
        assertThat(adapter(same, 1)).isEqualTo(adapter(trained, 1));

        StackConfig stack = coded("resumed");
        List<RecipeEvent> events = new ArrayList<>();
        RecipeListener impatient =
                event -> {
                    events.add(event);
                    if (event instanceof RecipeEvent.TrainingStep step && step.done() == 3) {
                        throw new CancellationException("enough");
                    }
                };
        assertThatThrownBy(() -> Training.of(stack).listener(impatient).run())
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
        assertThat(events.getLast()).isEqualTo(new RecipeEvent.Finished("focus"));
        assertThatThrownBy(() -> Training.of(stack).run())
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("contains an adapter or an earlier run");
        // docs: resume
        TrainedStack whole = Training.of(stack).resume(true).run();
        // end
        assertThat(adapter(whole, 0)).isEqualTo(adapter(trained, 0));
        assertThat(adapter(whole, 1)).isEqualTo(adapter(trained, 1));
    }

    @Test
    void trainsFromCodeWithAListener() {
        List<String> lines = new ArrayList<>();
        // docs: train-in-code
        StackConfig stack =
                StackConfig.builder("stories", folder.resolve("base"))
                        .outputDir(folder.resolve("stories"))
                        .data(DataConfig.stories(3, 24))
                        .training(TrainingConfig.DEFAULT.withSequenceLen(128).withNumEpochs(1))
                        .stage("focus", "{{input}}\nFocus:")
                        .stage("answer", "{{input}}\nFocus: {{focus}}\nAnswer:")
                        .build();
        TrainedStack trained = Training.of(stack).listener(e -> lines.add(e.toString())).run();
        // end
        assertThat(lines)
                .anyMatch(line -> line.startsWith("Started[part=focus, unit=steps, done=0, total="))
                .anyMatch(line -> line.startsWith("TrainingStep[part=answer, done=1, total="))
                .contains("StageTrained[stage=focus, outcome=" + outcome(trained, 0) + "]")
                .contains("Finished[part=answer]");
    }

    private static String outcome(TrainedStack trained, int stage) {
        return trained.stages().get(stage).outcome().toString();
    }

    @Test
    void distils() throws IOException {
        Path questions =
                Files.writeString(
                        folder.resolve("questions.jsonl"),
                        """
                        {"id": "1", "input": "Where is the hat?", "answer": "barn"}
                        {"id": "2", "input": "Where is the ball?", "answer": "park"}
                        """);
        String address = teacher.baseUrl().toString();
        // docs: distil
        StackConfig stack =
                StackConfig.builder("hints", folder.resolve("base"))
                        .outputDir(folder.resolve("hints"))
                        .data(DataConfig.files(questions))
                        .teacher(TeacherConfig.server(address, "llama3.2:3b").build())
                        .stage("hint", s -> s.prompt("{{input}}\nHint:").teach("Hint: {{input}}"))
                        .stage("answer", "{{input}}\nHint: {{hint}}\nAnswer:")
                        .build();
        DistillationResult written = Distillation.of(stack).run().requireComplete();
        String table = written.toText();
        // end
        assertThat(table).contains("2 of 2 questions have a text at every stage");
        assertThat(written.file()).content().contains("Think of a place.");
        assertThat(teacher.requests()).hasSize(2);
        assertThat(Distillation.of(stack).preview().toText()).endsWith("nothing was asked\n");
        assertThat(Training.of(stack).run().stages()).hasSize(2);
    }

    @Test
    void whatATeacherWroteInVainIsInTheResult() {
        StackConfig stack =
                StackConfig.builder("strict", folder.resolve("base"))
                        .outputDir(folder.resolve("strict"))
                        .data(DataConfig.stories(3, 2))
                        .teacher(
                                TeacherConfig.server(teacher.baseUrl().toString(), "any")
                                        .samples(2)
                                        .build())
                        .stage(
                                "verdict",
                                stage ->
                                        stage.prompt("{{input}}\nVerdict:")
                                                .teach("Yes or no? {{input}}")
                                                .contract(
                                                        Contract.NONE
                                                                .withOneOf(List.of("yes", "no"))
                                                                .withRetries(1)))
                        .stage("answer", "{{verdict}}\nAnswer:")
                        .build();
        DistillationResult result = Distillation.of(stack).run();
        assertThat(result.complete()).isZero();
        assertThat(result.toJson()).contains("not one of the list");
        assertThatThrownBy(result::requireComplete)
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("all were set aside");
    }

    @Test
    void evaluatesAndCompares() throws IOException {
        StackConfig stack = coded("one");
        StackConfig other = coded("other");
        Training.of(stack).run();
        Training.of(other).run();
        Path questions = folder.resolve("held-out.jsonl");
        // docs: questions
        QuestionResults results = QuestionEvaluation.of(stack).questions(questions).run();
        String table = results.toText();
        double rate = results.accuracy("one", "held-out").rate();
        Files.writeString(folder.resolve("report.html"), results.toHtml());
        // end
        assertThat(rate).isBetween(0.0, 1.0);
        assertThat(table).contains("held-out");
        assertThat(folder.resolve("report.html")).content().contains("Evaluation of one");

        String task = folder.resolve("places.yaml").toString();
        // docs: tasks
        TaskResults scores =
                TaskEvaluation.of(stack).tasks(task).data(folder).run().requireComplete();
        double accuracy = scores.mean("places", "acc");
        String json = scores.toJson();
        // end
        assertThat(accuracy).isBetween(0.0, 1.0);
        assertThat(json).contains("\"places\"");
        assertThat(scores.notes()).isEmpty();

        // docs: compare
        QuestionResults both = QuestionEvaluation.of(stack, other).questions(questions).run();
        PairedComparison pair = both.comparisons().getFirst();
        String verdict = "difference " + pair.difference() + ", p = " + pair.pValue();
        // end
        assertThat(verdict).isEqualTo("difference 0.0, p = 1.0");

        // docs: compare-runs
        QuestionEvaluation.of(stack).questions(questions).samples(folder.resolve("a")).run();
        QuestionEvaluation.of(other).questions(questions).samples(folder.resolve("b")).run();
        ComparisonResults kept = RunComparison.of(folder.resolve("a"), folder.resolve("b")).run();
        String page = kept.toHtml();
        // end
        assertThat(page).contains("Comparison of one, other");
        assertThat(kept.comparison().systems()).hasSize(2);
    }

    @Test
    void aListenerEndsAnEvaluation() {
        StackConfig base =
                StackConfig.builder("base", folder.resolve("base"))
                        .decoding(DecodingConfig.DEFAULT.withMaxNewTokens(2))
                        .stage("answer", s -> s.prompt("{{input}}\nAnswer:").noAdapter())
                        .build();
        QuestionEvaluation evaluation =
                QuestionEvaluation.of(base)
                        .questions(folder.resolve("held-out.jsonl"))
                        .listener(event -> {
                            if (event instanceof RecipeEvent.Progress) {
                                throw new CancellationException("enough");
                            }
                        });
        assertThatThrownBy(evaluation::run)
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
        evaluation.samples(folder.resolve("cancelled"));
        assertThatThrownBy(evaluation::run)
                .isInstanceOf(CancellationException.class)
                .hasMessage("enough");
    }
}
