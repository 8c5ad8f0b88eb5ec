package dev.cairn.eval.run;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The origin of a folder's samples: everything they depend on.
 *
 * @param system what identifies the system, by name: digests, prompts, settings
 * @param tasks what identifies each task, besides its name
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
     * Compares this origin with the one recorded in a folder.
     *
     * @throws CairnException if they differ; the message names the first difference
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
                                "%s: contains samples of another system or task: %s%s was %s, now %s; choose another folder for samples"
                                        .formatted(folder, what, name, then, found))
                        .suggesting("samples");
            }
        }
    }
}
