package dev.cairn.stack.engine;

import dev.cairn.model.CausalLm;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.support.TextDigest;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The stages before one that is to be trained: they write what it will really be shown. What they
 * wrote is kept in the stack's output folder and not written again while adapter, prompt and
 * decoding stay the same. Safe for use by several threads.
 */
public final class UpstreamWriter implements AutoCloseable {
    private static final String FILE_NAME = "student.jsonl";

    /**
     * The base all stages share.
     *
     * @param digest tells bases apart
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
     * @param stages those that are to write, in order, see {@link StackConfig#upstreamOf}
     * @param outputDir where trained adapters lie, one folder per stage
     * @param clock what chat templates take for the time
     * @throws dev.cairn.CairnException when an adapter is missing or does not fit the base
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
     * What the stages write for an input, by name; each reads what those before it wrote.
     *
     * @throws dev.cairn.CairnException when a stage's prompt is empty
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
        return TextDigest.of(
                        base.digest(),
                        stage.adapterDigest().hex(),
                        stage.config().decoding().fingerprint(),
                        Objects.requireNonNullElse(stage.config().answerAfter(), ""))
                .hex();
    }

    @Override
    public void close() {
        written.close();
    }
}
