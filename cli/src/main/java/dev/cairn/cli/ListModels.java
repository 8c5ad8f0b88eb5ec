package dev.cairn.cli;

import dev.cairn.cli.option.Environment;
import dev.cairn.cli.option.JsonOption;
import dev.cairn.cli.terminal.PullBar;
import dev.cairn.hub.CachedModel;
import dev.cairn.hub.Hub;
import dev.cairn.hub.HubSettings;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn list}: lists the models from the hub that are on this machine. */
@Command(
        name = "list",
        description = "List the models and adapters in this machine's Hugging Face cache.")
final class ListModels implements Callable<Integer> {
    @Mixin private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        HubSettings settings = Environment.hub();
        List<CachedModel> models = Hub.list(settings);
        if (json.isWanted()) {
            System.out.println(json(settings.cache(), models));
        } else if (models.isEmpty()) {
            System.err.printf(
                    "no models in %s; cairn pull ORG/NAME downloads one%n", settings.cache());
        } else {
            print(models);
        }
        return 0;
    }

    private static void print(List<CachedModel> models) {
        int width = models.stream().mapToInt(model -> name(model).length()).max().orElse(0);
        for (CachedModel model : models) {
            System.out.printf(
                    Locale.ROOT,
                    "%-" + width + "s  %-7s  %8s  %s  %s%n",
                    name(model),
                    kind(model),
                    PullBar.size(model.bytes()),
                    LocalDate.ofInstant(model.modified(), ZoneId.systemDefault()),
                    model.missing().isEmpty()
                            ? "complete"
                            : "incomplete: " + String.join(", ", model.missing()));
        }
    }

    /** The name for use on the command line, with a commit if no branch or tag refers to it. */
    private static String name(CachedModel model) {
        String commit = model.commit();
        String revision =
                model.revisions().isEmpty() ? commit : String.join(",", model.revisions());
        return model.id()
                + (revision == null ? "" : "@" + revision)
                + (model.file() == null ? "" : ":" + model.file());
    }

    private static String kind(CachedModel model) {
        return model.isAdapter() ? "adapter" : model.file() != null ? "gguf" : "model";
    }

    private static String json(Path cache, List<CachedModel> models) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cache", cache.toString());
        json.put("models", models.stream().map(ListModels::json).toList());
        return JsonMapper.builder()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .build()
                .writeValueAsString(json);
    }

    private static Map<String, Object> json(CachedModel model) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", model.id());
        json.put("file", model.file());
        json.put("revisions", model.revisions());
        json.put("commit", model.commit());
        json.put("kind", kind(model));
        json.put("bytes", model.bytes());
        json.put("modified", model.modified().toString());
        json.put("complete", model.missing().isEmpty());
        json.put("missing", model.missing());
        return json;
    }
}
