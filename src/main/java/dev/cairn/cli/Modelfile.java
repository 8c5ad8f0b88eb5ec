package dev.cairn.cli;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What Ollama needs to know of a GGUF file (ollama/ollama, {@code docs/modelfile.md}).
 *
 * @param model name of the file, which stands beside
 * @param template Go template of a conversation
 * @param stop texts that end an answer
 * @param contextLength tokens
 */
record Modelfile(String model, String template, List<String> stop, int contextLength) {
    static final String NAME = "Modelfile";

    private static final String FIRST_LINE =
            "# Written by cairn export; load it with: ollama create NAME -f Modelfile\n";

    /** The prompt as it is, for models that know no conversation. */
    static final String PLAIN = "{{ .Prompt }}";

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
        text.append("TEMPLATE ").append(quoted(template)).append('\n');
        text.append("PARAMETER num_ctx ").append(contextLength).append('\n');
        for (String one : stop) {
            text.append("PARAMETER stop ").append(quoted(one)).append('\n');
        }
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
