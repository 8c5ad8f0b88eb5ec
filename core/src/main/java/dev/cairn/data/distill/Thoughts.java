package dev.cairn.data.distill;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a teacher thinks before its answer. Servers that do not put it into a field of its own leave
 * it at the beginning of the text, between the marks of the model's chat template.
 */
final class Thoughts {
    /** The mark that begins a thought, and the one that ends it. */
    private record Marks(Pattern begin, Pattern end) {
        static Marks of(String begin, String end) {
            return new Marks(
                    Pattern.compile(begin, Pattern.CASE_INSENSITIVE),
                    Pattern.compile(end, Pattern.CASE_INSENSITIVE));
        }
    }

    /**
     * DeepSeek R1, Qwen3, SmolLM3 and most others; Cohere; OpenThinker; Magistral; Kimi; gpt-oss.
     */
    private static final List<Marks> ALL =
            List.of(
                    Marks.of(
                            "<(?:\\w+:)?(?:think|thinking|thought|thoughts)(?: [^<>]*)?>",
                            "</(?:\\w+:)?(?:think|thinking|thought|thoughts)>"),
                    Marks.of("<\\|start_thinking\\|>", "<\\|end_thinking\\|>"),
                    Marks.of("<\\|begin_of_thought\\|>", "<\\|end_of_thought\\|>"),
                    Marks.of("\\[think\\]", "\\[/think\\]"),
                    Marks.of("\u25c1think\u25b7", "\u25c1/think\u25b7"),
                    Marks.of(
                            "<\\|channel\\|>(?:analysis|commentary)",
                            "<\\|channel\\|>final<\\|message\\|>"));

    private Thoughts() {}

    /**
     * The text after the thoughts at its beginning; a thought whose beginning stands in the prompt
     * has only an end. Unchanged if there is none, or if it does not end.
     */
    static String cut(String text) {
        String rest = text;
        for (Marks marks : ALL) {
            Matcher end = marks.end().matcher(rest);
            while (end.find() && isThought(rest.substring(0, end.start()), marks)) {
                rest = rest.substring(end.end());
                end = marks.end().matcher(rest);
            }
        }
        return rest;
    }

    /** Whether what stands before the end of a thought is all thought. */
    private static boolean isThought(String before, Marks marks) {
        Matcher begin = marks.begin().matcher(before);
        return !begin.find() || before.substring(0, begin.start()).isBlank();
    }

    /** Whether a text holds a thought, or a part of one. */
    static boolean in(String text) {
        return ALL.stream()
                .anyMatch(marks ->
                        marks.begin().matcher(text).find() || marks.end().matcher(text).find());
    }
}
