package dev.cairn.cli;

import dev.cairn.convert.Modelfile;
import dev.cairn.convert.VocabularyKeys;
import dev.cairn.recipe.AdaptedModel;
import dev.cairn.CairnException;
import dev.cairn.convert.Checkpoint;
import dev.cairn.convert.GgmlVocabulary;
import dev.cairn.convert.GgufExport;
import dev.cairn.convert.OllamaTemplate;
import dev.cairn.format.GgmlType;
import dev.cairn.text.template.ChatTemplate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn export}: a model as llama.cpp and Ollama load it. */
@Command(
        name = "export",
        description = "Writes a model, with an adapter or without, for llama.cpp and Ollama.")
final class Export implements Callable<Integer> {
    private static final String ENDING = ".gguf";

    /** Ollama reserves memory for the whole window: of 131,072 tokens, often many gigabytes. */
    private static final int MAX_CONTEXT = 4096;

    /** The types of GGUF's numbers that Cairn writes. */
    enum Format {
        /** Each tensor's own. */
        ORIGINAL(null),
        F32(GgmlType.F32),
        F16(GgmlType.F16),
        BF16(GgmlType.BF16),
        Q8_0(GgmlType.Q8_0);

        private final @Nullable GgmlType type;

        Format(@Nullable GgmlType type) {
            this.type = type;
        }
    }

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A Hugging Face model directory or a PEFT directory, or ORG/NAME[@REVISION] on the hub.")
    private String model = "";

    @Option(
            names = "--gguf",
            required = true,
            arity = "0..1",
            fallbackValue = "original",
            paramLabel = "TYPE",
            description =
                    "Write a GGUF file with numbers of this type: f32, f16, bf16 or q8_0; without a type, or with original, each tensor keeps its own.")
    private Format format = Format.ORIGINAL;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description = "A folder, or a file whose name ends with .gguf.")
    private Path output = Path.of("");

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description = "The base model, instead of the one the adapter names.")
    private @Nullable String base;

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "A text that ends an answer, for the Modelfile; repeatable.")
    private List<String> stop = new ArrayList<>();

    @Override
    public Integer call() {
        AdaptedModel adapted = AdaptedModel.of(model, base);
        try (Checkpoint weights = adapted.open()) {
            GgmlVocabulary vocabulary = GgmlVocabulary.read(adapted.base(), weights.vocabSize());
            Path file = file(adapted.name(), GgufExport.fileType(weights, format.type));
            Path beside = file.resolveSibling(Modelfile.NAME);
            Modelfile modelfile =
                    new Modelfile(
                            String.valueOf(file.getFileName()),
                            template(adapted.base(), vocabulary),
                            stop,
                            Math.min(weights.maxPositions(), MAX_CONTEXT));
            modelfile.check(beside);
            if (Files.exists(file)) {
                throw new CairnException(
                        file + ": stands there already; choose another --output, or delete it");
            }
            List<String> fallbacks =
                    GgufExport.write(
                            file,
                            weights,
                            format.type,
                            adapted.name(),
                            VocabularyKeys.write(vocabulary));
            modelfile.write(beside);
            report(fallbacks);
            System.out.println(file);
        }
        return 0;
    }

    private static OllamaTemplate template(Path base, GgmlVocabulary vocabulary) {
        Optional<ChatTemplate> chat = ChatTemplate.load(base);
        Optional<OllamaTemplate> template = chat.flatMap(OllamaTemplate::of);
        if (chat.isPresent() && template.isEmpty()) {
            System.err.println(
                    "the chat template cannot be said in a Modelfile, which passes on the prompt as it is");
        }
        if (template.isPresent() && OllamaTemplate.trims(chat.get())) {
            System.err.println(
                    "the chat template strips messages of white space around them, which a Modelfile cannot say");
        }
        Integer bos = vocabulary.bos();
        OllamaTemplate found = template.orElseGet(OllamaTemplate::ofText);
        // llama.cpp would put it there a second time.
        return bos != null && vocabulary.addBos()
                ? found.without(vocabulary.tokens().get(bos))
                : found;
    }

    private Path file(String name, GgmlType type) {
        return output.toString().endsWith(ENDING)
                ? output
                : output.resolve(name + "-" + type + ENDING);
    }

    private void report(List<String> fallbacks) {
        if (!fallbacks.isEmpty()) {
            System.err.printf(
                    "%d tensors are F16, as their rows are no multiple of %d: %s%s%n",
                    fallbacks.size(),
                    GgmlType.Q8_0.blockSize(),
                    fallbacks.getFirst(),
                    fallbacks.size() == 1 ? "" : ", ...");
        }
    }
}
