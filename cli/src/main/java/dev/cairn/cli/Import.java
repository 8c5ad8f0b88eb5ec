package dev.cairn.cli;

import dev.cairn.convert.OutputFolder;
import dev.cairn.convert.VocabularyKeys;
import dev.cairn.convert.GgmlVocabulary;
import dev.cairn.convert.GgufImport;
import dev.cairn.format.Gguf;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn import}: a GGUF file becomes a model like any other. */
@Command(
        name = "import",
        description = "Writes the model of a GGUF file as a Hugging Face directory.")
final class Import implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE.gguf", description = "The file.")
    private Path file = Path.of("");

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Where to write the model; empty or not there yet.")
    private Path output = Path.of("");

    @Override
    public Integer call() {
        try (Gguf gguf = Gguf.open(file)) {
            GgmlVocabulary vocabulary = VocabularyKeys.read(gguf);
            OutputFolder.fill(
                    output,
                    () -> {
                        vocabulary.writeTo(output, file);
                        GgufImport.write(gguf, vocabulary.tokens().size(), output);
                    });
        }
        System.out.println(output);
        return 0;
    }
}
