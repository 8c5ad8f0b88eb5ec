package dev.cairn.stack.engine;

import dev.cairn.model.CausalLm;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.support.TextDigest;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Runs the stages before a stage in training, to get the texts that it will see in use. The texts
 * are cached in the stack's output folder and reused while adapter, prompt and decoding settings
 * stay the same. Thread-safe.
 */
public final class UpstreamWriter implements AutoCloseable {
    private static final String FILE_NAME = "student.jsonl";

    /**
     * The base all stages share.
     *
     * @param digest identifies the base
     */
    public record Base(CausalLm model, String digest, Tokenizer tokenizer) {}

    private final List<Stage> stages;
    private final Base base;
    private final WrittenTexts written;

    private UpstreamWriter(List<Stage> stages, Base base, WrittenTexts written) {
        this.stages = stages;
        this.base = base;
        this.written = written;
    }

    /**
     * Opens some stages of a stack.
     *
     * @param stages the stages to run, in order, see {@link StackConfig#upstreamOf}
     * @param outputDir folder of the trained adapters, one subfolder per stage
     * @param clock the time for chat templates
     * @throws dev.cairn.CairnException if an adapter is missing or does not fit the base
     */
    public static UpstreamWriter open(
            StackConfig config, List<StageConfig> stages, Base base, Path outputDir, Clock clock) {
        return new UpstreamWriter(
                new StackOpener(config, outputDir, clock)
                        .open(stages, OpenBase.of(base.model(), base.tokenizer())),
                base,
                WrittenTexts.open(outputDir.resolve(FILE_NAME)));
    }

    /**
     * The outputs of the stages for an input, by name; each stage reads the outputs of earlier
     * ones.
     *
     * @throws dev.cairn.CairnException if a stage's prompt is empty
     */
    public Map<String, String> texts(String input) {
        Map<String, String> texts = new HashMap<>();
        texts.put(StackConfig.INPUT, input);
        for (Stage stage : stages) {
            texts.put(stage.config().name(), text(stage, texts));
        }
        texts.remove(StackConfig.INPUT);
        return texts;
    }

    private String text(Stage stage, Map<String, String> texts) {
        String writer = writer(stage);
        String prompt = stage.prompt().render(texts);
        String known = written.get(writer, prompt);
        if (known != null) {
            return known;
        }
        String text = stage.run(texts).output();
        written.add(new WrittenTexts.Line(stage.config().name(), writer, prompt, text));
        return text;
    }

    /** Everything the stage's text depends on besides its prompt. */
    private String writer(Stage stage) {
        int[] leading =
                stage.prompt().addSpecialTokens() ? stage.tokenizer().leadingTokens() : new int[0];
        String answerAfter = Objects.requireNonNullElse(stage.config().answerAfter(), "");
        return TextDigest.of(
                        base.digest(),
                        stage.adapterDigest().hex(),
                        stage.config().decoding().fingerprint(),
                        // Texts written before Cairn read these tokens must not be reused.
                        leading.length == 0 ? answerAfter : answerAfter + Arrays.toString(leading))
                .hex();
    }

    @Override
    public void close() {
        written.close();
    }
}
