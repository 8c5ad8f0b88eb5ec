package dev.cairn.text.template;

import dev.cairn.CairnException;
import dev.cairn.text.ChatMessage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A stage's prompt: one text, or messages that the base's chat template joins. */
public sealed interface Prompt {
    /** The names of the variables, in the order of their first use. */
    Set<String> variables();

    /**
     * A renderer of this prompt for one base.
     *
     * @param modelDirectory the base's directory
     * @param clock the time for chat templates that write the date into the prompt
     * @throws CairnException if the prompt needs a chat template and the base has none or a broken
     *     one
     */
    PromptRenderer renderer(Path modelDirectory, Clock clock);

    /** The target that a stage learns to write if its configuration sets none. */
    String defaultTarget(String stage);

    /** A text that the model continues. */
    record Text(Template template) implements Prompt {
        @Override
        public Set<String> variables() {
            return template.variables();
        }

        @Override
        public PromptRenderer renderer(Path modelDirectory, Clock clock) {
            return template::render;
        }

        /** Begins with the space before a word, because the prompt ends without white space. */
        @Override
        public String defaultTarget(String stage) {
            return " {{" + stage + "}}";
        }
    }

    /**
     * A conversation that the model answers. Values are inserted into the messages before the chat
     * template sees them, so they are never parsed as templates.
     *
     * @param where its file and key, for messages
     * @param further variables for the chat template beside the conversation
     */
    record Chat(List<String> where, List<Message> turns, TemplateVariables further)
            implements Prompt {
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
            return new PromptRenderer() {
                @Override
                public String render(Map<String, String> texts) {
                    return template.render(messages(texts), true, further);
                }

                @Override
                public boolean addSpecialTokens() {
                    return false;
                }
            };
        }

        private List<ChatMessage> messages(Map<String, String> texts) {
            return turns.stream()
                    .map(turn -> new ChatMessage(turn.role(), turn.content().render(texts)))
                    .toList();
        }

        private CairnException noTemplate(Path modelDirectory) {
            return new CairnException(
                            "messages need a base with a chat template, but "
                                    + modelDirectory
                                    + " has none; write the prompt as one text, or use a chat model as the base (for a base from the hub, cairn pull fetches missing files)")
                    .at(where.toArray());
        }

        /**
         * Chat templates already end with the text that begins an answer, including its line break.
         */
        @Override
        public String defaultTarget(String stage) {
            return "{{" + stage + "}}";
        }
    }

    /** One message with variables. */
    record Message(String role, Template content) {}
}
