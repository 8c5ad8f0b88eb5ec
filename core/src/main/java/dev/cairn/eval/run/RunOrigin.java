package dev.cairn.eval.run;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Everything that samples in a folder depend on: a sample with another origin belongs to another
 * system.
 *
 * @param system what identifies the system, by name: digests, prompts, settings
 * @param tasks what identifies each task, beside its name
 */
record RunOrigin(
        SortedMap<String, String> system, SortedMap<String, SortedMap<String, String>> tasks) {
    static RunOrigin of(SortedMap<String, String> system) {
        return new RunOrigin(system, new TreeMap<>());
    }

    /** A copy with this task, in place of an earlier one of its name. */
    RunOrigin with(TaskRun taskRun) {
        SortedMap<String, SortedMap<String, String>> more = new TreeMap<>(tasks);
        more.put(taskRun.task(), of(taskRun));
        return new RunOrigin(system, more);
    }

    private static SortedMap<String, String> of(TaskRun taskRun) {
        SortedMap<String, String> task = new TreeMap<>();
        task.put("num_fewshot", Integer.toString(taskRun.numFewshot()));
        task.put("definition", Hashes.of(taskRun.config()));
        return task;
    }

    /**
     * Compares with the origin that a folder has already.
     *
     * @throws CairnException naming the first thing that differs
     */
    void requireSame(RunOrigin before, Path folder) {
        requireSame("", before.system, system, folder);
        tasks.forEach((task, now) -> {
            SortedMap<String, String> then = before.tasks.get(task);
            if (then != null) {
                requireSame("task " + task + ": ", then, now, folder);
            }
        });
    }

    private static void requireSame(
            String what,
            SortedMap<String, String> before,
            SortedMap<String, String> now,
            Path folder) {
        SortedSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            String then = before.getOrDefault(name, "nothing");
            String found = now.getOrDefault(name, "nothing");
            if (!then.equals(found)) {
                throw new CairnException(
                                "%s: holds samples of another system or task: %s%s was %s, now %s; choose another folder for samples"
                                        .formatted(folder, what, name, then, found))
                        .suggesting("samples");
            }
        }
    }
}
