package dev.cairn.convert;

import dev.cairn.CairnException;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.template.ChatTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chat template in the language of Ollama's Modelfile, Go's {@code text/template}.
 *
 * @param template the text after {@code TEMPLATE}, between triple quotes. It begins with the
 *     beginning-of-text token if the chat template does; see {@link #without}
 * @param stop texts that end the assistant's turn; empty when nothing marks its end
 */
public record OllamaTemplate(String template, List<String> stop) {
    public OllamaTemplate {
        stop = List.copyOf(stop);
    }

    /** The template for a model that continues a text: the prompt as it is. */
    public static OllamaTemplate ofText() {
        return new OllamaTemplate("{{ .Prompt }}", List.of());
    }

    /**
     * Derives the template from a chat template's output for a few conversations, and checks it
     * against more of them.
     *
     * @return empty when the chat template is not simple: the pieces around each message must
     *     depend only on its role
     */
    public static Optional<OllamaTemplate> of(ChatTemplate chat) {
        Pieces pieces = Pieces.find(chat);
        return pieces == null || !pieces.explain(chat)
                ? Optional.empty()
                : Optional.of(new OllamaTemplate(pieces.go(), pieces.stop()));
    }

    /** Whether a chat template strips white space around messages, which Ollama's cannot do. */
    public static boolean trims(ChatTemplate chat) {
        return chat.render(List.of(new ChatMessage("user", " x\n")), true)
                .equals(chat.render(List.of(new ChatMessage("user", "x")), true));
    }

    /**
     * The same template for a reader that puts a text, such as the beginning-of-text token, first
     * by itself.
     */
    public OllamaTemplate without(String first) {
        String literal = literal(first);
        return template.startsWith(literal)
                ? new OllamaTemplate(template.substring(literal.length()), stop)
                : this;
    }

    /**
     * Text as a literal of a Go template: braces would begin an action there, and three quotes
     * would end the text in a Modelfile.
     */
    static String literal(String text) {
        return text.contains("{{") || text.endsWith("{") || text.contains("\"\"\"")
                ? "{{ " + quoted(text) + " }}"
                : text;
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default ->
                        quoted.append(c < ' ' ? "\\x%02x".formatted((int) c) : String.valueOf(c));
            }
        }
        return quoted.append('"').toString();
    }

    /** The pieces before and after the text of a message. */
    private record Around(String before, String after) {
        String around(String text) {
            return before + text + after;
        }
    }

    /**
     * The parts of a prompt.
     *
     * @param begin comes before all messages
     * @param alone takes the place of a missing system message
     * @param generation what begins the assistant's answer
     */
    private record Pieces(
            String begin,
            String alone,
            @Nullable Around system,
            Around user,
            Around assistant,
            String generation) {
        private static final String[] MARKS = {"qzsentA", "qzsentB", "qzsentC", "qzsentD"};

        static @Nullable Pieces find(ChatTemplate chat) {
            try {
                return found(chat);
            } catch (CairnException e) {
                // A template that rejects a plain conversation is not simple.
                return null;
            }
        }

        private static @Nullable Pieces found(ChatTemplate chat) {
            String one = chat.render(List.of(user(MARKS[0])), false);
            String asked = chat.render(List.of(user(MARKS[0])), true);
            String turns =
                    chat.render(
                            List.of(user(MARKS[0]), assistant(MARKS[1]), user(MARKS[2])), false);
            List<String> between = split(turns, 3);
            List<String> single = split(one, 1);
            if (between == null || single == null || !asked.startsWith(one)) {
                return null;
            }
            String userAfter = between.get(3);
            String generation = asked.substring(one.length());
            // Between two user messages: the user's end, the assistant's turn, the user's
            // beginning.
            String toAssistant = between.get(1);
            String toUser = between.get(2);
            if (!single.equals(List.of(between.get(0), userAfter))
                    || !toAssistant.startsWith(userAfter)) {
                return null;
            }
            String assistantBefore = toAssistant.substring(userAfter.length());
            String userBefore = userBefore(chat, between.get(0), toUser);
            if (userBefore == null) {
                return null;
            }
            Around user = new Around(userBefore, userAfter);
            Around assistant =
                    new Around(
                            assistantBefore,
                            toUser.substring(0, toUser.length() - userBefore.length()));
            String lead =
                    between.get(0).substring(0, between.get(0).length() - userBefore.length());
            return withSystem(chat, lead, user, assistant, generation);
        }

        /**
         * The text that begins a user's turn; null unless it is the same at the start and after an
         * answer.
         */
        private static @Nullable String userBefore(
                ChatTemplate chat, String first, String afterAnswer) {
            List<String> answered =
                    split(chat.render(List.of(user(MARKS[0]), assistant(MARKS[1])), false), 2);
            if (answered == null || !afterAnswer.startsWith(answered.get(2))) {
                return null;
            }
            String before = afterAnswer.substring(answered.get(2).length());
            return first.endsWith(before) ? before : null;
        }

        private static @Nullable Pieces withSystem(
                ChatTemplate chat, String lead, Around user, Around assistant, String generation) {
            String rendered;
            try {
                rendered = chat.render(List.of(system(MARKS[3]), user(MARKS[0])), false);
            } catch (CairnException e) {
                // The model has no system messages; Ollama then leaves them out as well.
                return new Pieces(lead, "", null, user, assistant, generation);
            }
            List<String> parts = split(rendered, List.of(MARKS[3], MARKS[0]));
            if (parts == null || !parts.get(1).endsWith(user.before())) {
                return null;
            }
            String before = parts.get(0);
            String after =
                    parts.get(1).substring(0, parts.get(1).length() - user.before().length());
            // A lead that also comes before a system message begins every prompt; otherwise it
            // takes the place of the missing message.
            int begin = before.startsWith(lead) ? lead.length() : 0;
            return new Pieces(
                    lead.substring(0, begin),
                    lead.substring(begin),
                    new Around(before.substring(begin), after),
                    user,
                    assistant,
                    generation);
        }

        private static @Nullable List<String> split(String text, int marks) {
            return split(text, List.of(MARKS).subList(0, marks));
        }

        /** The texts around the marks, each of which must occur once and in order. */
        private static @Nullable List<String> split(String text, List<String> marks) {
            List<String> parts = new ArrayList<>();
            int from = 0;
            for (String mark : marks) {
                int at = text.indexOf(mark, from);
                if (at < 0 || text.indexOf(mark) != at || text.indexOf(mark, at + 1) >= 0) {
                    return null;
                }
                parts.add(text.substring(from, at));
                from = at + mark.length();
            }
            parts.add(text.substring(from));
            return parts;
        }

        /** Whether the parts render other conversations exactly as the chat template does. */
        boolean explain(ChatTemplate chat) {
            List<List<ChatMessage>> probes = new ArrayList<>();
            List<ChatMessage> talk =
                    List.of(
                            user("Is it {{ far }}?"),
                            assistant("No,\n\"near\"."),
                            user("And\n\nthis?"),
                            assistant("1. a\n2. b"),
                            user("x"));
            for (int end = 1; end <= talk.size(); end += 2) {
                probes.add(talk.subList(0, end));
                if (system != null) {
                    List<ChatMessage> withSystem =
                            new ArrayList<>(List.of(system("Be brief.\nBe kind.")));
                    withSystem.addAll(talk.subList(0, end));
                    probes.add(withSystem);
                }
            }
            try {
                return probes.stream().allMatch(p -> chat.render(p, true).equals(join(p)));
            } catch (CairnException e) {
                return false;
            }
        }

        private String join(List<ChatMessage> messages) {
            StringBuilder text = new StringBuilder(begin);
            if (!messages.getFirst().role().equals("system")) {
                text.append(alone);
            }
            for (ChatMessage message : messages) {
                Around around =
                        switch (message.role()) {
                            case "user" -> user;
                            case "assistant" -> assistant;
                            default -> Objects.requireNonNull(system);
                        };
                text.append(around.around(message.content()));
            }
            return text.append(generation).toString();
        }

        String go() {
            StringBuilder go = new StringBuilder(literal(begin));
            if (system != null) {
                go.append("{{ if .System }}").append(action(system, ".System"));
                if (!alone.isEmpty()) {
                    go.append("{{ else }}").append(literal(alone));
                }
                go.append("{{ end }}");
            }
            return go.append("{{ range .Messages }}{{ if eq .Role \"user\" }}")
                    .append(action(user, ".Content"))
                    .append("{{ else if eq .Role \"assistant\" }}")
                    .append(action(assistant, ".Content"))
                    .append("{{ end }}{{ end }}")
                    .append(literal(generation))
                    .toString();
        }

        private static String action(Around around, String value) {
            return literal(around.before()) + "{{ " + value + " }}" + literal(around.after());
        }

        /** The visible part of what ends the assistant's turn. */
        List<String> stop() {
            String end = assistant.after().strip();
            return end.isEmpty() ? List.of() : List.of(end);
        }

        private static ChatMessage user(String content) {
            return new ChatMessage("user", content);
        }

        private static ChatMessage assistant(String content) {
            return new ChatMessage("assistant", content);
        }

        private static ChatMessage system(String content) {
            return new ChatMessage("system", content);
        }
    }
}
