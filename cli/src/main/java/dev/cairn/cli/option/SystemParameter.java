package dev.cairn.cli.option;

import dev.cairn.CairnException;
import dev.cairn.config.WeightFormat;
import dev.cairn.recipe.parts.AdaptedModel;
import dev.cairn.stack.Conversation;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.support.YamlFile;
import dev.cairn.text.template.TemplateVariables;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is asked, a stack or a model, and the options that go with one of them. */
public final class SystemParameter {
    @Parameters(
            index = "0",
            paramLabel = "STACK.yaml|MODEL",
            description =
                    "A stack, or a model: a folder, a GGUF file or an id on the hub; also an adapter on its base.")
    private String name = "";

    @Option(
            names = "--system",
            paramLabel = "TEXT",
            description = "The system message for a model that has a chat template.")
    private @Nullable String system;

    @Option(
            names = "--chat-template-kwargs",
            paramLabel = "JSON",
            description =
                    "Variables for a model's chat template, such as '{\"enable_thinking\": false}'.")
    private @Nullable String variables;

    @Mixin private AdaptersOption adapters = new AdaptersOption();
    @Mixin private QuantOption quant = new QuantOption();
    @Mixin private LockedOption locked = new LockedOption();

    /** Whether it is a stack; refuses the options that go only with the other. */
    public boolean isStack() {
        boolean isStack = StackConfig.isFile(name);
        if (isStack && system != null) {
            throw new CairnException(
                    "--system goes with a model; the prompts of a stack are in its YAML");
        }
        if (isStack && variables != null) {
            throw new CairnException(
                    "--chat-template-kwargs goes with a model; in a stack's YAML it is the key chat_template_kwargs");
        }
        if (!isStack && adapters.directory() != null) {
            throw new CairnException("--output goes with a stack's YAML");
        }
        if (!isStack) {
            locked.refuse(name);
        }
        return isStack;
    }

    /** The stack's configuration, compared with its lock where that is wanted. */
    public StackConfig stack() {
        StackConfig stack = NamedModels.stack(Path.of(name));
        locked.check(stack, adapters(stack));
        return stack;
    }

    /** Where the stack's adapters are. */
    public Path adapters(StackConfig stack) {
        return adapters.of(stack);
    }

    public WeightFormat format() {
        return quant.format();
    }

    /** Opens what is named for a conversation. */
    public Conversation open() {
        Conversation conversation = openNamed();
        StartGarbage.collect();
        return conversation;
    }

    private Conversation openNamed() {
        if (isStack()) {
            StackConfig stack = stack();
            return Conversation.ofStack(stack, adapters(stack), format());
        }
        TemplateVariables given = variables();
        AdaptedModel model = AdaptedModel.of(name, null, NamedModels.finder());
        return Conversation.ofModel(
                new ModelFinder.Found(model.base(), model.baseId()),
                model.adapter(),
                system,
                given,
                format());
    }

    // In the class file, a record's constructor does not show that the values may be null.
    @SuppressWarnings("NullAway")
    private TemplateVariables variables() {
        if (variables == null) {
            return TemplateVariables.NONE;
        }
        try {
            JsonNode json = JsonMapper.shared().readTree(variables);
            if (json instanceof ObjectNode object) {
                return new TemplateVariables(YamlFile.values(object));
            }
            throw notAnObject(null);
        } catch (JacksonException e) {
            throw notAnObject(e);
        } catch (CairnException e) {
            throw e.at("--chat-template-kwargs");
        }
    }

    private CairnException notAnObject(@Nullable JacksonException cause) {
        return new CairnException(
                        "expected a JSON object such as {\"enable_thinking\": false}, found '"
                                + variables
                                + "'",
                        cause)
                .at("--chat-template-kwargs");
    }
}
