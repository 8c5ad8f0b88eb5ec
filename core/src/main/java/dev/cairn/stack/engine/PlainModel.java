package dev.cairn.stack.engine;

import dev.cairn.CairnException;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.config.TeacherConfig;
import dev.cairn.stack.config.TrainingConfig;
import dev.cairn.text.Contract;
import dev.cairn.text.template.ChatTemplate;
import dev.cairn.text.template.Prompt;
import dev.cairn.text.template.Template;
import dev.cairn.text.template.TemplateVariables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a stack of a single model: one stage that reads the input as it is. */
public final class PlainModel {
    private static final String STAGE = "model";

    private PlainModel() {}

    /**
     * The stack of a model; if the model has a chat template, the input is the user's message.
     *
     * @param system the system message; null for none
     * @throws CairnException if {@code system} is given but the model has no chat template
     */
    public static StackConfig of(
            ModelFinder.Found model, @Nullable String system, DecodingConfig decoding) {
        return of(
                model, prompt(model.directory(), system), new StageConfig.Adapter.None(), decoding);
    }

    /**
     * The stack of a model, alone or with an adapter, that continues the input without a chat
     * template, as the prompts of benchmarks expect.
     *
     * @param adapter a PEFT directory; null for the model alone
     */
    public static StackConfig ofText(
            ModelFinder.Found model, @Nullable Path adapter, DecodingConfig decoding) {
        return of(
                model,
                new Prompt.Text(template("{{" + StackConfig.INPUT + "}}", model.directory())),
                adapter == null
                        ? new StageConfig.Adapter.None()
                        : new StageConfig.Adapter.At(adapter),
                decoding);
    }

    private static StackConfig of(
            ModelFinder.Found model,
            Prompt prompt,
            StageConfig.Adapter adapter,
            DecodingConfig decoding) {
        Path directory = model.directory();
        StageConfig stage =
                new StageConfig(
                        STAGE,
                        prompt,
                        template("{{" + STAGE + "}}", directory),
                        null,
                        Contract.NONE,
                        adapter,
                        decoding,
                        null,
                        TrainingConfig.DEFAULT);
        return new StackConfig(
                directory,
                String.valueOf(directory.getFileName()),
                "",
                directory,
                model.hubId(),
                directory,
                List.of(stage),
                null,
                TeacherConfig.DEFAULT);
    }

    private static Prompt prompt(Path directory, @Nullable String system) {
        Template input = template("{{" + StackConfig.INPUT + "}}", directory);
        if (ChatTemplate.load(directory).isEmpty()) {
            if (system != null) {
                throw new CairnException(
                        directory
                                + ": has no chat template and so cannot take a system message; remove system");
            }
            return new Prompt.Text(input);
        }
        List<Prompt.Message> turns = new ArrayList<>();
        if (system != null) {
            turns.add(new Prompt.Message("system", Template.literal(system)));
        }
        turns.add(new Prompt.Message("user", input));
        return new Prompt.Chat(List.of(directory.toString()), turns, TemplateVariables.NONE);
    }

    private static Template template(String source, Path directory) {
        return Template.parse(source, directory);
    }
}
