package dev.cairn.eval.run;

import dev.cairn.CairnException;
import dev.cairn.eval.task.TaskItem;
import dev.cairn.support.LineFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A task's samples on disk, one per line, in the order in which they were made. */
final class SampleFile implements SampleLog {
    private final LineFile lines;
    private final Map<String, Sample> known;

    private SampleFile(LineFile lines, Map<String, Sample> known) {
        this.lines = lines;
        this.known = known;
    }

    static SampleFile open(Path path, TaskRun taskRun) {
        Map<String, TaskItem> items =
                taskRun.items().stream()
                        .collect(Collectors.toMap(TaskItem::id, Function.identity()));
        Map<String, Sample> known = new HashMap<>();
        LineFile lines =
                LineFile.open(
                        path,
                        (line, where) -> {
                            Sample sample = SampleJson.parse(line, where);
                            check(sample, items.get(sample.id()), where);
                            known.put(sample.id(), sample);
                        });
        return new SampleFile(lines, known);
    }

    private static void check(Sample sample, @Nullable TaskItem item, String where) {
        if (item == null) {
            throw new CairnException(
                            "%s: item %s is not among the items of this run; use the same limit as before, or choose another folder for samples"
                                    .formatted(where, sample.id()))
                    .suggesting("limit", "samples");
        }
        if (!sample.isOf(item)) {
            throw new CairnException(
                            "%s: item %s was asked differently before: the data or the task have changed; choose another folder for samples"
                                    .formatted(where, sample.id()))
                    .suggesting("samples");
        }
    }

    @Override
    public Optional<Sample> find(TaskItem item) {
        return Optional.ofNullable(known.get(item.id()));
    }

    @Override
    public void add(Sample sample) {
        lines.add(SampleJson.format(sample));
    }

    @Override
    public void close() {
        lines.close();
    }
}
