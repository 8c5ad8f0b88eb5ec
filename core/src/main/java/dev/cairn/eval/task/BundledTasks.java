package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.support.YamlFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** The tasks that come with Cairn. */
final class BundledTasks {
    /** One resource per task, listed here because the contents of a jar cannot be listed. */
    static final List<String> NAMES =
            List.of(
                    "arc_challenge",
                    "arc_easy",
                    "babi",
                    "boolq",
                    "commonsense_qa",
                    "gsm8k",
                    "hellaswag",
                    "mmlu",
                    "openbookqa",
                    "piqa",
                    "tinyArc",
                    "tinyGSM8k",
                    "tinyHellaswag",
                    "tinyMMLU",
                    "tinyTruthfulQA",
                    "tinyWinogrande",
                    "truthfulqa_mc1",
                    "truthfulqa_mc2",
                    "winogrande");

    private BundledTasks() {}

    static YamlFile read(String name) {
        if (!NAMES.contains(name)) {
            throw new CairnException(
                    "unknown task '%s'; expected the path of a task's YAML, or one of: %s"
                            .formatted(name, String.join(", ", NAMES)));
        }
        String resource = "tasks/" + name + ".yaml";
        try (InputStream in =
                Objects.requireNonNull(BundledTasks.class.getResourceAsStream(resource))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new YamlFile(Path.of(resource), YamlFile.literal(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
