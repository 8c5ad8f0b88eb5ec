package dev.cairn.text.template;

import dev.cairn.CairnException;
import dev.cairn.text.ChatMessage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a stage's model reads: one text, or messages that the base's chat template joins. */
public sealed interface Prompt {
    /** The names of the variables, in the order of their first use. */
    Set<String> variables();

    /**
     * The prompt for one base.
     *
     * @param modelDirectory the base's directory
     * @param clock what a chat template takes for the time, which some write into the prompt
     * @throws CairnException when it needs a chat template and the base has none or a broken one
     */
    PromptRenderer renderer(Path modelDirectory, Clock clock);

    /** What a stage learns to write when nothing is said about it. */
    String defaultTarget(String stage);

    /** A text that the model goes on writing. */
    record Text(Template template) implements Prompt {
        @Override
        public Set<String> variables() {
            return template.variables();
        }

        @Override
        public PromptRenderer renderer(Path modelDirectory, Clock clock) {
            return template::render;
        }

        /** With the space that begins a word: the prompt ends without white space. */
        @Override
        public String defaultTarget(String stage) {
            return " {{" + stage + "}}";
        }
    }

    /**
     * A conversation that the model answers. Values are put into the messages before the chat
     * template sees them, so they are never read as templates.
     *
     * @param where file and key it stands in, for messages
     */
    record Chat(List<String> where, List<Message> turns) implements Prompt {
        public Chat {
            where = List.copyOf(where);
            turns = List.copyOf(turns);
        }

        @Override
        public Set<String> variables() {
            Set<String> names = new LinkedHashSet<>();
            turns.forEach(turn -> names.addAll(turn.content().variables()));
            return names;
        }

        @Override
        public PromptRenderer renderer(Path modelDirectory, Clock clock) {
            ChatTemplate template =
                    ChatTemplate.load(modelDirectory, clock)
                            .orElseThrow(() -> noTemplate(modelDirectory));
            return texts ->
                    template.render(
                            turns.stream()
                                    .map(turn ->
                                            new ChatMessage(
                                                    turn.role(), turn.content().render(texts)))
                                    .toList(),
                            true);
        }

        private CairnException noTemplate(Path modelDirectory) {
            return new CairnException(
                            "messages need a base with a chat template, and "
                                    + modelDirectory
                                    + " has none; write the prompt as one text, or take a base made for chat (of one from the hub, cairn pull fetches what is missing)")
                    .at(where.toArray());
        }

        /** Chat templates end with what begins an answer, line break included. */
        @Override
        public String defaultTarget(String stage) {
            return "{{" + stage + "}}";
        }
    }

    /** One message with variables. */
    record Message(String role, Template content) {}
}
