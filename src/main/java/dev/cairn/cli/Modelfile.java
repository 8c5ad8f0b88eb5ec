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

    /** The prompt as it is, for models that know no conversation. */
    static final String PLAIN = "{{ .Prompt }}";

    /**
     * Writes the file.
     *
     * @throws CairnException when another model's stands there
     */
    void write(Path file) {
        refuseOther(file);
        AtomicFiles.writeString(file, text());
    }

    void refuseOther(Path file) {
        try {
            if (Files.exists(file)
                    && !Files.readString(file).lines().findFirst().orElse("").equals(from())) {
                throw new CairnException(
                        file + ": is of another model; choose another folder with --output");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String from() {
        return "FROM ./" + model;
    }

    private String text() {
        StringBuilder text = new StringBuilder(from()).append('\n');
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
