package dev.cairn.cli;

import dev.cairn.cli.option.NewModelOption;
import dev.cairn.convert.ImportedModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cairn import}: converts a GGUF file to a Hugging Face directory. */
@Command(name = "import", description = "Turn a GGUF file into a Hugging Face directory.")
final class Import implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE.gguf", description = "The file.")
    private Path file = Path.of("");

    @Mixin private NewModelOption output = new NewModelOption();

    @Override
    public Integer call() {
        ImportedModel.write(file, output.directory());
        System.out.println(output.directory());
        return ExitCode.OK;
    }
}
