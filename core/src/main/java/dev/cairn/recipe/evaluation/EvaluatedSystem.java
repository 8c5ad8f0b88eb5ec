package dev.cairn.recipe.evaluation;

import dev.cairn.config.SamplingParams;
import dev.cairn.config.WeightFormat;
import dev.cairn.eval.run.ModelUnderTest;
import dev.cairn.eval.run.SystemFacts;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.ModelSummary;
import dev.cairn.model.Models;
import dev.cairn.recipe.parts.AdaptedModel;
import dev.cairn.recipe.parts.TrainingCost;
import dev.cairn.remote.ApiKey;
import dev.cairn.remote.RemoteScorer;
import dev.cairn.remote.RemoteSettings;
import dev.cairn.stack.StackScorer;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.engine.PlainModel;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.template.Prompt;
import dev.cairn.text.template.Template;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A system under evaluation on tasks.
 *
 * @param kind kind of system
 * @param args its command-line options by name
 * @param origin what distinguishes it from other systems
 * @param threads useful number of concurrent items
 * @param probe a check that throws if the system's scores cannot be trusted
 */
record EvaluatedSystem(
        SystemFacts facts,
        String kind,
        SortedMap<String, String> args,
        SortedMap<String, String> origin,
        ModelUnderTest model,
        int threads,
        Runnable probe,
        Runnable end)
        implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int MAX_RETRIES = 5;
    private static final int REQUESTS_AT_ONCE = 4;

    /** Decoding settings of a plain model; the task sets the length and the stop strings. */
    private static final DecodingConfig GREEDY =
            new DecodingConfig(1, SamplingParams.GREEDY, List.of());

    /** An open stack; tasks cannot change the decoding settings of its last stage. */
    static EvaluatedSystem ofStack(OpenedStack opened) {
        SortedMap<String, String> args = new TreeMap<>();
        args.put("stack", opened.config().file().toString());
        args.put("output", opened.directory().toString());
        return local(
                opened.name(),
                "stack",
                args,
                opened,
                (max, until) -> SingleThreaded.of(opened.stack()));
    }

    /** A model, or an adapter on its base, that reads a task's prompts as they are. */
    static EvaluatedSystem ofModel(String name, WeightFormat format, ModelFinder finder) {
        AdaptedModel model = AdaptedModel.of(name, null, finder);
        StackConfig config =
                PlainModel.ofText(
                        new ModelFinder.Found(model.base(), model.baseId()),
                        model.adapter(),
                        GREEDY);
        OpenedStack opened = OpenedStack.open(config, config.outputDir(), format);
        SortedMap<String, String> args = new TreeMap<>();
        args.put("model", name);
        return local(
                model.name(),
                model.adapter() == null ? "model" : "adapter",
                args,
                opened,
                (max, until) -> SingleThreaded.of(opened.stack().writing(max, until).verbatim()));
    }

    private static EvaluatedSystem local(
            String name,
            String kind,
            SortedMap<String, String> args,
            OpenedStack opened,
            ModelUnderTest.Writer writer) {
        args.put("quant", quant(opened.format()));
        long trained = opened.stack().adapterParameters();
        TrainingCost cost = TrainingCost.of(opened.config(), opened.directory()).orElse(null);
        return new EvaluatedSystem(
                new SystemFacts(
                        name,
                        ModelSummary.of(opened.config().baseModel()).parameters() + trained,
                        trained,
                        cost == null ? null : cost.tokens(),
                        cost == null ? null : cost.seconds(),
                        true),
                kind,
                args,
                origin(opened),
                new ModelUnderTest(SingleThreaded.of(StackScorer.of(opened.stack())), writer),
                ThreadPool.threads(),
                () -> {},
                () -> {});
    }

    private static String quant(WeightFormat format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    private static SortedMap<String, String> origin(OpenedStack opened) {
        StackConfig config = opened.config();
        SortedMap<String, String> origin = new TreeMap<>();
        origin.put("base", Models.digest(config.baseModel()));
        origin.put("quant", quant(opened.format()));
        for (StageConfig stage : config.stages()) {
            String name = "stage " + stage.name() + ": ";
            Path adapter = config.adapterDirectory(stage, opened.directory());
            origin.put(name + "adapter", adapter == null ? "none" : LoraAdapter.digest(adapter));
            origin.put(name + "prompt", source(stage.prompt()));
            origin.put(name + "decoding", stage.decoding().fingerprint());
            origin.put(name + "answer_after", String.valueOf(stage.answerAfter()));
        }
        origin.put(
                "stages",
                config.stages().stream().map(StageConfig::name).collect(Collectors.joining(", ")));
        return origin;
    }

    private static String source(Prompt prompt) {
        return switch (prompt) {
            case Prompt.Text(Template template) -> source(template);
            case Prompt.Chat chat ->
                    chat.turns().stream()
                            .map(turn -> turn.role() + ": " + source(turn.content()))
                            .collect(Collectors.joining("\n"));
        };
    }

    private static String source(Template template) {
        Map<String, String> names =
                template.variables().stream()
                        .collect(Collectors.toMap(Function.identity(), name -> "{{" + name + "}}"));
        return template.render(names);
    }

    /**
     * A server.
     *
     * @param apiKeyEnv environment variable that holds the API key; null sends none
     */
    static EvaluatedSystem ofServer(URI address, String model, @Nullable String apiKeyEnv) {
        RemoteScorer scorer =
                RemoteScorer.open(
                        RemoteSettings.greedy(
                                address, model, TIMEOUT, MAX_RETRIES, ApiKey.of(apiKeyEnv)));
        SortedMap<String, String> args = new TreeMap<>();
        args.put("base_url", address.toString());
        args.put("model", model);
        return new EvaluatedSystem(
                new SystemFacts(model, null, null, null, null, false),
                "openai-completions",
                args,
                // Without the address: the same model on another server is the same system.
                new TreeMap<>(Map.of("model", model)),
                new ModelUnderTest(scorer, scorer::writing),
                REQUESTS_AT_ONCE,
                scorer::probe,
                scorer::close);
    }

    @Override
    public void close() {
        end.run();
    }
}
