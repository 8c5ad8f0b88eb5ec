package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.cli.option.AdaptersOption;
import dev.cairn.cli.option.Environment;
import dev.cairn.cli.option.LimitOptions;
import dev.cairn.cli.option.ListenOptions;
import dev.cairn.cli.option.LockedOption;
import dev.cairn.cli.option.NamedModels;
import dev.cairn.cli.option.QuantOption;
import dev.cairn.cli.option.StartGarbage;
import dev.cairn.cli.option.TraceOptions;
import dev.cairn.recipe.training.StackCorrections;
import dev.cairn.server.Server;
import dev.cairn.server.ServerSettings;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.stack.Serving;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.text.completion.ModelCard;
import dev.cairn.text.completion.ServedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cairn serve}: runs an OpenAI-compatible server for stacks and models, with a page. */
@Command(
        name = "serve",
        description =
                "Serves stacks and models to OpenAI clients, with a page that shows what every stage wrote.")
final class Serve implements Callable<Integer> {
    @Parameters(
            paramLabel = "STACK.yaml",
            arity = "1..*",
            description = "Stacks, and models, each a folder, a GGUF file or an id on the hub.")
    private List<String> names = new ArrayList<>();

    @Mixin private AdaptersOption adapters = new AdaptersOption();
    @Mixin private QuantOption quant = new QuantOption();
    @Mixin private LockedOption locked = new LockedOption();
    @Mixin private ListenOptions listen = new ListenOptions();
    @Mixin private LimitOptions limits = new LimitOptions();
    @Mixin private TraceOptions traces = new TraceOptions();

    @Override
    public Integer call() throws InterruptedException {
        ServerSettings settings = listen.settings(limits.limits());
        // Before the models, which take seconds to open.
        settings.requireKeyForOthers();
        List<Serving.Offer> offers = new ArrayList<>();
        List<ModelFinder.Found> models = new ArrayList<>();
        find(offers, models);
        try (EndOfProcess end = new EndOfProcess();
                // First, so that a mistake in its options is reported before the models are loaded.
                TraceRecorder recorder = traces.open(Environment.variables(), Serve::log);
                Serving serving = open(offers, models);
                Server server =
                        Server.with(settings, serving.models())
                                .traces(recorder)
                                .corrections(
                                        StackCorrections.of(
                                                offers.stream()
                                                        .map(Serving.Offer::config)
                                                        .toList()))
                                .meters(new ServingMetrics(serving))
                                .log(Serve::log)
                                .start()) {
            end.listen();
            log("serving " + ids(serving.models()));
            log("at " + server.address() + " (page and API); ctrl-C ends it");
            end.await();
        }
        return 0;
    }

    private Serving open(List<Serving.Offer> offers, List<ModelFinder.Found> models) {
        Serving serving = Serving.open(offers, models, quant.format(), limits.cacheBytes());
        StartGarbage.collect();
        serving.warmUp();
        return serving;
    }

    /** Finds the stacks and the models among the names. */
    private void find(List<Serving.Offer> offers, List<ModelFinder.Found> models) {
        for (String name : names) {
            if (StackConfig.isFile(name)) {
                StackConfig config = NamedModels.stack(Path.of(name));
                offers.add(new Serving.Offer(config, adapters.of(config)));
            } else {
                locked.refuse(name);
                models.add(NamedModels.finder().find(name));
            }
        }
        if (adapters.directory() != null && offers.size() != 1) {
            throw new CairnException(
                    "--output: goes with exactly one stack, found %d".formatted(offers.size()));
        }
        offers.forEach(offer -> locked.check(offer.config(), offer.outputDir()));
    }

    private static void log(String line) {
        System.err.println(line);
    }

    private static String ids(List<ServedModel> models) {
        return models.stream()
                .map(ServedModel::card)
                .map(ModelCard::id)
                .collect(Collectors.joining(", "));
    }
}
