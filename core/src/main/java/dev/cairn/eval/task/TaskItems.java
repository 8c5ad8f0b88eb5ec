package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.support.YamlFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a task's items from its files. */
final class TaskItems {
    /** The default of lm-evaluation-harness. */
    private static final int MAX_GEN_TOKS = 256;

    private final YamlFile yaml;
    private final TaskConfig config;
    private final DocSource source;
    private final Questioning questioning;
    private final @Nullable DocField description;
    private final @Nullable DocField kind;
    private final @Nullable DocSource exampleSource;
    private final Questioning exampleQuestioning;

    TaskItems(YamlFile yaml, TaskConfig config) {
        this.yaml = yaml;
        this.config = config;
        this.source = DocSource.ofItems(yaml, config);
        this.questioning = Questioning.ofItems(yaml, config);
        this.description = template("description", config.description());
        this.kind = template("kind", config.kind());
        TaskConfig.Fewshot fewshot = config.fewshotConfig();
        this.exampleSource = fewshot == null ? null : DocSource.ofExamples(yaml, fewshot);
        this.exampleQuestioning =
                fewshot == null ? questioning : questioning.ofExamples(yaml, fewshot);
    }

    private @Nullable DocField template(String key, @Nullable String text) {
        return text == null ? null : DocField.template(text, yaml.path() + ": " + key);
    }

    /** Implements {@link Task#items}. */
    List<TaskItem> read(@Nullable Path dataFolder, int numFewshot, int limit) {
        Map<String, Examples> examples = new HashMap<>();
        List<TaskItem> items = new ArrayList<>();
        int before = 0;
        for (Map.Entry<String, Path> file : source.files(dataFolder).entrySet()) {
            List<TaskDoc> docs = source.read(file.getValue(), file.getKey());
            for (TaskDoc doc : docs.subList(0, Math.min(limit, docs.size()))) {
                String kind = located(doc, () -> kind(doc));
                Examples ofKind =
                        numFewshot == 0
                                ? null
                                : examples.computeIfAbsent(
                                        kind, key -> examples(dataFolder, key, numFewshot));
                int docId = before + doc.record().number() - 1;
                items.add(located(doc, () -> item(doc, docId, kind, ofKind, numFewshot)));
            }
            before += docs.size();
        }
        return items;
    }

    private static <T> T located(TaskDoc doc, Supplier<T> action) {
        try {
            return action.get();
        } catch (CairnException e) {
            throw doc.record().error(e);
        }
    }

    private Examples examples(@Nullable Path dataFolder, String kind, int numFewshot) {
        DocSource from = exampleSource;
        if (from == null) {
            throw yaml.error(
                            "fewshot_config",
                            "missing, but the task needs %d examples; add it, or use no examples"
                                    .formatted(numFewshot))
                    .suggesting("numFewshot");
        }
        Path file = from.file(dataFolder, kind);
        return new Examples(file, exampleQuestioning, from.read(file, from.hasStar() ? kind : ""));
    }

    private TaskItem item(
            TaskDoc doc, int docId, String kind, @Nullable Examples examples, int numFewshot) {
        String before = description == null ? "" : description.text(doc);
        if (examples != null) {
            String own = questioning.example(doc);
            before += examples.before(own, numFewshot, config.delimiterAfterExample());
        }
        DocField choice = questioning.choice();
        return choice == null
                ? writing(doc, docId, kind, before)
                : choosing(doc, docId, kind, before, questioning.choices(doc, choice));
    }

    private ChoiceItem choosing(
            TaskDoc doc, int docId, String kind, String before, List<String> choices) {
        return new ChoiceItem(
                doc.record().id(),
                docId,
                kind,
                doc.record().doc(),
                questioning.candidates(doc, choices, before),
                questioning.gold(doc, choices));
    }

    private WritingItem writing(TaskDoc doc, int docId, String kind, String before) {
        TaskConfig.Generation generation = config.generationKwargs();
        List<String> until = generation == null ? null : generation.until();
        Integer maxTokens = generation == null ? null : generation.maxGenToks();
        return new WritingItem(
                doc.record().id(),
                docId,
                kind,
                doc.record().doc(),
                before + questioning.text().text(doc),
                until == null ? List.of(config.delimiterAfterExample()) : until,
                maxTokens == null ? MAX_GEN_TOKS : maxTokens,
                questioning.answers(doc));
    }

    private String kind(TaskDoc doc) {
        if (kind != null) {
            return kind.text(doc);
        }
        return doc.part().isEmpty() ? config.task() : doc.part();
    }
}
