package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Generator;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import dev.cairn.text.StageTrace;
import dev.cairn.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stages in order, on one base held once: each reads the input and what earlier stages wrote, and
 * hands on plain text. Safe for use by several threads.
 */
public final class Stack implements Answerer {
    /** Watches the stages of one answer. */
    public interface Observer {
        /** Called with each finished stage, in order. */
        void finished(StageTrace trace);
    }

    private final StackConfig config;
    private final List<Stage> stages;

    private Stack(StackConfig config, List<Stage> stages) {
        this.config = config;
        this.stages = stages;
    }

    /**
     * Opens the base and every stage's adapter.
     *
     * @param outputDir where trained adapters lie, one folder per stage
     * @throws CairnException when a model or an adapter is missing or they do not fit each other
     */
    public static Stack open(StackConfig config, Path outputDir) {
        CausalLm base = Models.open(config.baseModel());
        Tokenizer tokenizer = Tokenizer.load(config.baseModel());
        if (tokenizer.vocabSize() > base.config().vocabSize()) {
            throw new CairnException(
                    "%s: the tokenizer has %d tokens, the model %d; they do not belong together"
                            .formatted(
                                    config.baseModel(),
                                    tokenizer.vocabSize(),
                                    base.config().vocabSize()));
        }
        List<Stage> stages = new ArrayList<>();
        for (StageConfig stage : config.stages()) {
            Path directory = config.adapterDirectory(stage, outputDir);
            LoraAdapter adapter =
                    directory == null ? null : adapter(config, stage, directory, base);
            stages.add(
                    new Stage(
                            config.name(),
                            String.valueOf(config.baseModel().getFileName()),
                            directory == null ? "none" : LoraAdapter.digest(directory),
                            stage,
                            new Generator(base, adapter),
                            tokenizer));
        }
        return new Stack(config, stages);
    }

    private static LoraAdapter adapter(
            StackConfig config, StageConfig stage, Path directory, CausalLm base) {
        if (!LoraAdapter.exists(directory)) {
            throw new CairnException(
                    "%s: stage %s has no adapter in %s; train it with: cairn train %s"
                            .formatted(config.file(), stage.name(), directory, config.file()));
        }
        return LoraAdapter.open(directory, base);
    }

    public StackConfig config() {
        return config;
    }

    @Override
    public Answer answer(String input, Consumer<String> onText) {
        return answer(input, Map.of(), onText, trace -> {});
    }

    /**
     * Answers, with the outputs of some stages given by a person: these stages are not run, nor are
     * those before the first of them whose output nothing that runs still needs.
     *
     * @param edits text by stage name
     * @throws CairnException when an edit names no stage
     */
    public Answer answer(
            String input, Map<String, String> edits, Consumer<String> onText, Observer observer) {
        for (String name : edits.keySet()) {
            if (stages.stream().noneMatch(stage -> stage.config().name().equals(name))) {
                throw new CairnException(
                        "%s: --set names stage %s; the stages are %s"
                                .formatted(
                                        config.file(),
                                        name,
                                        config.stages().stream().map(StageConfig::name).toList()));
            }
        }
        Map<String, String> texts = new HashMap<>();
        texts.put("input", input);
        List<StageTrace> traces = new ArrayList<>();
        Stage last = stages.getLast();
        for (Stage stage : stages) {
            String name = stage.config().name();
            @Nullable String edit = edits.get(name);
            Consumer<String> sink = stage == last ? onText : piece -> {};
            StageTrace trace;
            if (edit != null) {
                trace = stage.edited(edit);
                sink.accept(edit);
            } else {
                trace = stage.run(texts, sink);
            }
            observer.finished(trace);
            texts.put(name, trace.output());
            traces.add(trace);
        }
        return new Answer(traces.getLast().output(), traces);
    }
}
