package dev.cairn.cli;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import dev.cairn.text.OllamaTemplate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What Ollama needs to know of a GGUF file (ollama/ollama, {@code docs/modelfile.md}).
 *
 * @param model name of the file, which stands beside
 * @param stop texts that end an answer, besides those of the template
 * @param contextLength tokens
 */
record Modelfile(String model, OllamaTemplate template, List<String> stop, int contextLength) {
    static final String NAME = "Modelfile";

    private static final String FIRST_LINE =
            "# Written by cairn export; load it with: ollama create NAME -f Modelfile\n";

    /**
     * Writes the file.
     *
     * @throws CairnException when one stands there that Cairn did not write
     */
    void write(Path file) {
        refuseOther(file);
        AtomicFiles.writeString(file, text());
    }

    static void refuseOther(Path file) {
        try {
            if (Files.exists(file) && !Files.readString(file).startsWith(FIRST_LINE)) {
                throw new CairnException(
                        file
                                + ": not written by cairn export, so it stays; choose another folder with --output");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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

    /** Ollama knows no way to write three quotation marks inside a text. */
    private static String quoted(String text) {
        if (text.contains("\"\"\"") || text.endsWith("\"")) {
            throw new CairnException(
                    "a Modelfile cannot hold the text %s: leave its quotation marks out"
                            .formatted(text));
        }
        return "\"\"\"" + text + "\"\"\"";
    }
}
