package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.cli.option.BaseOption;
import dev.cairn.cli.option.NewModelOption;
import dev.cairn.convert.FusedModel;
import dev.cairn.recipe.parts.AdaptedModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code cairn fuse}: merges an adapter into its base. */
@Command(
        name = "fuse",
        description = "Merge an adapter into its base model and write a Hugging Face directory.")
final class Fuse implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "ADAPTER",
            description = "A PEFT directory, or ORG/NAME[@REVISION] on the hub.")
    private String adapter = "";

    @Mixin private NewModelOption output = new NewModelOption();
    @Mixin private BaseOption base = new BaseOption();

    @Override
    public Integer call() {
        AdaptedModel model = base.find(adapter);
        if (model.adapter() == null) {
            throw new CairnException(adapter + ": not an adapter: it has no adapter_config.json");
        }
        FusedModel.write(model.base(), model.adapter(), output.directory());
        System.out.println(output.directory());
        return ExitCode.OK;
    }
}
