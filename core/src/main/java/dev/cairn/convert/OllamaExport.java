package dev.cairn.convert;

import dev.cairn.format.GgmlType;
import dev.cairn.text.template.ChatTemplate;
import dev.cairn.text.tokenizer.ggml.GgmlVocabulary;
import dev.cairn.text.tokenizer.ggml.VocabularyKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An export of a model for llama.cpp and Ollama: a GGUF file with a Modelfile beside it.
 *
 * @param base Hugging Face directory
 * @param adapter PEFT directory; null for the base alone
 * @param name of the model
 * @param type of the file's numbers
 * @param stop texts that end an answer, besides those of the chat template
 */
public record OllamaExport(
        Path base, @Nullable Path adapter, String name, ExportType type, List<String> stop) {

    /** Ollama reserves memory for the whole window, often many gigabytes for 131,072 tokens. */
    private static final int MAX_CONTEXT = 4096;

    public OllamaExport {
        stop = List.copyOf(stop);
    }

    /**
     * Writes both files.
     *
     * @param output a folder, or a file whose name ends with .gguf
     * @param notices receives what a person should know, one line each
     * @return the GGUF file
     * @throws dev.cairn.CairnException when a file exists already, or the model cannot be expressed
     *     in GGUF
     */
    public Path write(Path output, Consumer<String> notices) {
        try (Checkpoint weights = Checkpoint.open(base, adapter)) {
            GgmlVocabulary vocabulary = GgmlVocabularyReader.read(base, weights.vocabSize());
            Path file = ExportedFile.of(output, name, GgufExport.fileType(weights, type.type()));
            Path beside = file.resolveSibling(Modelfile.NAME);
            Modelfile modelfile =
                    new Modelfile(
                            String.valueOf(file.getFileName()),
                            template(vocabulary, notices),
                            stop,
                            Math.min(weights.maxPositions(), MAX_CONTEXT));
            modelfile.check(beside);
            List<String> fallbacks =
                    GgufExport.write(
                            file, weights, type.type(), name, VocabularyKeys.write(vocabulary));
            modelfile.write(beside);
            report(fallbacks, notices);
            return file;
        }
    }

    private OllamaTemplate template(GgmlVocabulary vocabulary, Consumer<String> notices) {
        Optional<ChatTemplate> chat = ChatTemplate.load(base);
        Optional<OllamaTemplate> template = chat.flatMap(OllamaTemplate::of);
        if (chat.isPresent() && template.isEmpty()) {
            notices.accept(
                    "the chat template cannot be translated for the Modelfile, so Ollama will pass the prompt on as it is");
        }
        if (template.isPresent() && OllamaTemplate.trims(chat.get())) {
            notices.accept(
                    "the chat template strips white space around messages, which a Modelfile cannot express");
        }
        Integer bos = vocabulary.bos();
        OllamaTemplate found = template.orElseGet(OllamaTemplate::ofText);
        // llama.cpp would add it a second time.
        return bos != null && vocabulary.addBos()
                ? found.without(vocabulary.tokens().get(bos))
                : found;
    }

    private static void report(List<String> fallbacks, Consumer<String> notices) {
        if (!fallbacks.isEmpty()) {
            notices.accept(
                    "%d tensors are F16, because their row length is not a multiple of %d: %s%s"
                            .formatted(
                                    fallbacks.size(),
                                    GgmlType.Q8_0.blockSize(),
                                    fallbacks.getFirst(),
                                    fallbacks.size() == 1 ? "" : ", ..."));
        }
    }
}
