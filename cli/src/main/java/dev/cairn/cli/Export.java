package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.cli.option.BaseOption;
import dev.cairn.convert.ExportType;
import dev.cairn.convert.GgufAdapter;
import dev.cairn.convert.OllamaExport;
import dev.cairn.recipe.parts.AdaptedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn export}: writes a model for llama.cpp and Ollama. */
@Command(
        name = "export",
        description =
                "Write a model, with or without an adapter, as GGUF for llama.cpp and Ollama.")
final class Export implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description =
                    "A Hugging Face model directory, a GGUF file or a PEFT directory, or ORG/NAME[@REVISION][:FILE] on the hub.")
    private String model = "";

    @Option(
            names = "--gguf",
            required = true,
            arity = "0..1",
            fallbackValue = "original",
            paramLabel = "TYPE",
            description =
                    "Write a GGUF file with numbers of this type: f32, f16, bf16 or q8_0. Without a type, or with original, each tensor keeps its own.")
    private ExportType type = ExportType.ORIGINAL;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description = "A folder, or a file name ending in .gguf.")
    private Path output = Path.of("");

    @Option(
            names = "--lora",
            description =
                    "Write the adapter alone, for llama.cpp's --lora, instead of the model with the adapter.")
    private boolean isLora;

    @Mixin private BaseOption base = new BaseOption();

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            description = "A text that ends an answer, for the Modelfile. Repeatable.")
    private List<String> stop = new ArrayList<>();

    @Override
    public Integer call() {
        AdaptedModel adapted = base.find(model);
        if (isLora) {
            System.out.println(
                    GgufAdapter.write(
                            adapted.base(), adapter(adapted), type, adapted.name(), output));
            return ExitCode.OK;
        }
        OllamaExport export =
                new OllamaExport(adapted.base(), adapted.adapter(), adapted.name(), type, stop);
        System.out.println(export.write(output, System.err::println));
        return ExitCode.OK;
    }

    private Path adapter(AdaptedModel adapted) {
        if (adapted.adapter() == null) {
            throw new CairnException(
                    model + ": not an adapter; leave --lora out to export a model");
        }
        if (!stop.isEmpty()) {
            throw new CairnException("--stop is for the Modelfile, which --lora does not write");
        }
        return adapted.adapter();
    }
}
