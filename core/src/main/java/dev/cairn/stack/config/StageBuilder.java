package dev.cairn.stack.config;

import dev.cairn.text.Contract;
import dev.cairn.text.template.Prompt;
import dev.cairn.text.template.Template;
import dev.cairn.text.template.TemplateVariables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds a stage's configuration in code. Defaults are the stack's settings, then those of the
 * YAML.
 */
public final class StageBuilder {
    private record Message(String role, String text) {}

    private final String name;
    private @Nullable String prompt;
    private final List<Message> messages = new ArrayList<>();
    private TemplateVariables templateVariables = TemplateVariables.NONE;
    private @Nullable String target;
    private @Nullable String teach;
    private Contract contract = Contract.NONE;
    private StageConfig.Adapter adapter = new StageConfig.Adapter.Trained();
    private @Nullable String answerAfter;
    private @Nullable DecodingConfig decoding;
    private @Nullable TrainingConfig training;

    StageBuilder(String name) {
        this.name = name;
    }

    /**
     * Sets the text that the model continues; it may use {@code {{input}}} and the outputs of
     * earlier stages.
     */
    public StageBuilder prompt(String template) {
        prompt = template;
        return this;
    }

    /** Adds a message to the prompt, for a base with a chat template; replaces a single text. */
    public StageBuilder message(String role, String template) {
        messages.add(new Message(role, template));
        return this;
    }

    /** Sets variables for the base's chat template beside the messages. */
    public StageBuilder templateVariables(TemplateVariables further) {
        templateVariables = further;
        return this;
    }

    /** Sets the target that the stage learns to write; by default its own gold text alone. */
    public StageBuilder target(String template) {
        target = template;
        return this;
    }

    /** Sets the teacher's instruction for questions without a gold text for this stage. */
    public StageBuilder teach(String template) {
        teach = template;
        return this;
    }

    /** Sets the contract that the teacher's text must meet. */
    public StageBuilder contract(Contract other) {
        contract = other;
        return this;
    }

    /** Runs on the base alone, without an adapter. */
    public StageBuilder noAdapter() {
        adapter = new StageConfig.Adapter.None();
        return this;
    }

    /** Runs with an existing PEFT adapter, which is not trained. */
    public StageBuilder adapter(Path directory) {
        adapter = new StageConfig.Adapter.At(directory);
        return this;
    }

    /** Passes on only what follows the last occurrence of this text. */
    public StageBuilder answerAfter(String marker) {
        answerAfter = marker;
        return this;
    }

    /** Sets decoding settings that replace the stack's. */
    public StageBuilder decoding(DecodingConfig other) {
        decoding = other;
        return this;
    }

    /** Sets training settings that replace the stack's. */
    public StageBuilder training(TrainingConfig other) {
        training = other;
        return this;
    }

    /**
     * Builds the stage.
     *
     * @param at its position in the stack, for errors
     * @param earlier variables that its prompt may use
     */
    StageConfig build(
            StageChecks checks,
            String at,
            Set<String> earlier,
            DecodingConfig stackDecoding,
            TrainingConfig stackTraining) {
        checks.name(name, at + "name", earlier);
        Prompt read = prompt(checks, at + "prompt");
        checks.variables(read.variables(), at + "prompt", name, earlier);
        String written = Objects.requireNonNullElse(target, read.defaultTarget(name));
        return new StageConfig(
                name,
                read,
                checks.template(written, at + "target"),
                instruction(checks, at + "teach", earlier),
                contract,
                adapter,
                Objects.requireNonNullElse(decoding, stackDecoding),
                answerAfter == null ? null : checks.nonEmpty(answerAfter, at + "answer_after"),
                Objects.requireNonNullElse(training, stackTraining));
    }

    private Prompt prompt(StageChecks checks, String key) {
        if ((prompt == null) == messages.isEmpty()) {
            throw checks.error(
                    key,
                    "expected either a text or messages, found "
                            + (prompt == null ? "neither" : "both"));
        }
        if (prompt != null && !templateVariables.isEmpty()) {
            throw checks.error(
                    key, "template variables are for messages, but the prompt is one text");
        }
        return prompt != null
                ? new Prompt.Text(checks.template(prompt, key))
                : new Prompt.Chat(
                        List.of(checks.file().toString(), key),
                        messages.stream()
                                .map(message ->
                                        new Prompt.Message(
                                                message.role(),
                                                checks.template(message.text(), key)))
                                .toList(),
                        templateVariables);
    }

    private @Nullable Template instruction(StageChecks checks, String key, Set<String> earlier) {
        if (teach == null) {
            return null;
        }
        Template instruction = checks.template(teach, key);
        Set<String> known = new LinkedHashSet<>(earlier);
        known.add(StackConfig.ANSWER);
        checks.variables(instruction.variables(), key, name, known);
        return instruction;
    }
}
