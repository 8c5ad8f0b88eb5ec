package dev.cairn.convert;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.BoundedFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Ollama needs to know about a GGUF file (ollama/ollama, {@code docs/modelfile.md}).
 *
 * @param model name of the GGUF file, which lies in the same folder
 * @param stop texts that end an answer, besides those of the template
 * @param contextLength in tokens
 */
record Modelfile(String model, OllamaTemplate template, List<String> stop, int contextLength) {
    static final String NAME = "Modelfile";

    private static final long MAX_BYTES = 10_000_000;
    private static final String FIRST_LINE =
            "# Written by cairn export; load it with: ollama create NAME -f Modelfile\n";

    /**
     * Writes the file.
     *
     * @throws CairnException as {@link #check}
     */
    void write(Path file) {
        check(file);
        AtomicFiles.writeString(file, text());
    }

    /**
     * Reports before hours of work what would otherwise be reported after them.
     *
     * @throws CairnException when a different Modelfile exists, or a text cannot be written in one
     */
    void check(Path file) {
        String text = text();
        if (Files.exists(file) && !BoundedFiles.readString(file, MAX_BYTES).equals(text)) {
            throw new CairnException(
                            file
                                    + ": exists already and would be overwritten; choose another folder, or delete it")
                    .suggesting("output");
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder(FIRST_LINE);
        text.append("FROM ./").append(model).append('\n');
        text.append("TEMPLATE ").append(quoted(template.template())).append('\n');
        text.append("PARAMETER num_ctx ").append(contextLength).append('\n');
        Stream.concat(template.stop().stream(), stop.stream())
                .distinct()
                .forEach(one -> text.append("PARAMETER stop ").append(quoted(one)).append('\n'));
        return text.toString();
    }

    /** Ollama has no way to write three quotation marks inside a text. */
    private static String quoted(String text) {
        if (text.contains("\"\"\"") || text.endsWith("\"")) {
            throw new CairnException(
                    "a Modelfile cannot hold the text %s: leave its quotation marks out"
                            .formatted(text));
        }
        return "\"\"\"" + text + "\"\"\"";
    }
}
