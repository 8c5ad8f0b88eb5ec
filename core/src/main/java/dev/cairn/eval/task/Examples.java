package dev.cairn.eval.task;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Few-shot examples: the first ones of a file, as in lm-evaluation-harness's sampler {@code
 * first_n}, without the item itself.
 */
final class Examples {
    private final Path file;
    private final Questioning questioning;
    private final List<TaskDoc> docs;
    private final List<String> rendered = new ArrayList<>();

    Examples(Path file, Questioning questioning, List<TaskDoc> docs) {
        this.file = file;
        this.questioning = questioning;
        this.docs = docs;
    }

    /**
     * The text before a question.
     *
     * @param own the item as an example
     */
    String before(String own, int count, String delimiter) {
        StringBuilder text = new StringBuilder();
        int found = 0;
        for (int i = 0; i < docs.size() && found < count; i++) {
            String example = rendered(i);
            if (!example.equals(own)) {
                text.append(example).append(delimiter);
                found++;
            }
        }
        if (found < count) {
            throw new CairnException(
                            "%s: expected %d examples besides the item itself, found %d; use fewer examples"
                                    .formatted(file, count, found))
                    .suggesting("numFewshot");
        }
        return text.toString();
    }

    private String rendered(int i) {
        while (rendered.size() <= i) {
            TaskDoc doc = docs.get(rendered.size());
            try {
                rendered.add(questioning.example(doc));
            } catch (CairnException e) {
                throw doc.record().error(e);
            }
        }
        return rendered.get(i);
    }
}
