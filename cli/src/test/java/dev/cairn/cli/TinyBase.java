package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.Question;
import dev.cairn.data.stories.Split;
import dev.cairn.data.stories.StoryGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** A base small enough to be pre-trained in a test, and stacks on it. */
final class TinyBase {
    /** Text to pre-train on. */
    static final Path STORIES = stories();

    static final String CONFIG =
            """
            output_dir: base
            model:
              architectures: [GPTNeoXForCausalLM]
              model_type: gpt_neox
              hidden_size: 16
              intermediate_size: 32
              num_hidden_layers: 2
              num_attention_heads: 2
              max_position_embeddings: 160
              rotary_pct: 0.5
              rotary_emb_base: 10000
              hidden_act: gelu
              use_parallel_residual: true
              layer_norm_eps: 0.00001
              tie_word_embeddings: false
            tokenizer:
              vocab_size: 400
            text:
              files: [STORIES]
              curriculum: {seed: 1, count: 30}
              val_share: 0.02
            training:
              sequence_len: 32
              batch_size: 4
              steps: 40
              learning_rate: 0.01
              lr_scheduler: cosine
              warmup_ratio: 0.1
              weight_decay: 0.05
              max_grad_norm: 1.0
              eval_steps: 4
              save_steps: 3
              seed: 1
            """
                    .replace("STORIES", STORIES.toString());

    private static final String STACK =
            """
            name: tiny
            base_model: BASE
            output_dir: adapters
            data:
              stories: {seed: 3, count: 60}
            training:
              lora_r: 2
              lora_dropout: 0.1
              learning_rate: 0.01
              sequence_len: 128
              micro_batch_size: 2
              num_epochs: 1
              val_set_size: 6
              eval_steps: 2
              save_steps: 3
            decoding:
              max_new_tokens: 8
            stages:
              - name: focus
                prompt: "{{input}}\\nFocus:"
              - name: answer
                prompt: "{{input}}\\nFocus: {{focus}}\\nAnswer:"
            """;

    private TinyBase() {}

    /** What questions are about, so that their words are tokens and prompts fit into a row. */
    private static Path stories() {
        try {
            Path file = Files.createTempFile("stories", ".txt");
            file.toFile().deleteOnExit();
            return write(
                    file,
                    StoryGenerator.questions(1, 400, Split.TRAIN).stream()
                            .map(Question::input)
                            .collect(Collectors.joining("\n\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Pre-trains the base. */
    static Path in(Path directory) {
        Path config = write(directory.resolve("pretrain.yaml"), CONFIG);
        Cli.Result result = Cli.cairn("pretrain", config);
        assertThat(result.status()).as(result.err()).isZero();
        return directory.resolve("base");
    }

    /** The YAML of a stack of two stages; {@code changes} are texts and what stands for them. */
    static Path stack(Path directory, Path base, String... changes) {
        String yaml = STACK.replace("BASE", base.toAbsolutePath().toString());
        return write(directory.resolve("stack.yaml"), changed(yaml, changes));
    }

    static String changed(String text, String... changes) {
        String result = text;
        for (int i = 0; i < changes.length; i += 2) {
            assertThat(result).contains(changes[i]);
            result = result.replace(changes[i], changes[i + 1]);
        }
        return result;
    }

    static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
