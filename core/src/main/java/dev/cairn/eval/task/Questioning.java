package dev.cairn.eval.task;

import dev.cairn.CairnException;
import dev.cairn.support.YamlFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Turns a record into a question with its answer.
 *
 * @param choice the choices; null if the answer is generated text
 * @param hasMultipleInputs whether the choices are contexts of one shared ending; then {@code text}
 *     gives the correct one and {@code target} is the ending
 * @param numChoices number of choices of each record; null for any number from two
 */
record Questioning(
        DocField text,
        @Nullable DocField choice,
        DocField target,
        boolean hasMultipleInputs,
        @Nullable Integer numChoices,
        String targetDelimiter) {
    private static final Pattern INDICES = Pattern.compile("\\[\\s*(?:\\d{1,6}\\s*,?\\s*)*\\]");

    static Questioning ofItems(YamlFile yaml, TaskConfig config) {
        return new Questioning(
                field(yaml, "doc_to_text", config.docToText()),
                config.docToChoice() == null
                        ? null
                        : field(yaml, "doc_to_choice", config.docToChoice()),
                field(yaml, "doc_to_target", config.docToTarget()),
                config.hasMultipleInputs(),
                config.numChoices(),
                config.delimiterBeforeTarget());
    }

    /** The questioning of examples: their own keys, with these as defaults. */
    Questioning ofExamples(YamlFile yaml, TaskConfig.Fewshot config) {
        return new Questioning(
                either(yaml, "doc_to_text", config.docToText(), text),
                choice == null ? null : either(yaml, "doc_to_choice", config.docToChoice(), choice),
                either(yaml, "doc_to_target", config.docToTarget(), target),
                hasMultipleInputs,
                null,
                targetDelimiter);
    }

    private static DocField either(
            YamlFile yaml, String key, @Nullable JsonNode value, DocField otherwise) {
        return value == null ? otherwise : field(yaml, "fewshot_config." + key, value);
    }

    private static DocField field(YamlFile yaml, String key, JsonNode value) {
        return DocField.of(value, yaml.path() + ": " + key);
    }

    /** A question with its correct answer, in the form of an example. */
    String example(TaskDoc doc) {
        if (choice == null) {
            return text.text(doc) + targetDelimiter + answers(doc).getFirst();
        }
        List<String> choices = choices(doc, choice);
        if (hasMultipleInputs) {
            String right = choices.get(first(gold(index(text, doc), choices)));
            return right + targetDelimiter + target.text(doc);
        }
        int right = first(gold(index(target, doc), choices));
        return text.text(doc) + targetDelimiter + choices.get(right);
    }

    private static int first(Set<Integer> gold) {
        return gold.stream().mapToInt(i -> i).min().orElseThrow();
    }

    /**
     * The candidates of a multiple-choice question, with {@code before} as the text before the
     * question.
     */
    List<Candidate> candidates(TaskDoc doc, List<String> choices, String before) {
        if (hasMultipleInputs) {
            String ending = targetDelimiter + notBlank("doc_to_target", target.text(doc));
            return choices.stream().map(c -> new Candidate(before + c, ending, c)).toList();
        }
        String context = before + text.text(doc);
        return choices.stream().map(c -> new Candidate(context, targetDelimiter + c, c)).toList();
    }

    Set<Integer> gold(TaskDoc doc, List<String> choices) {
        return gold(index(hasMultipleInputs ? text : target, doc), choices);
    }

    /**
     * As in lm-evaluation-harness, digits are an index if they come from a template, otherwise a
     * text.
     */
    private static Object index(DocField field, TaskDoc doc) {
        Object value = field.value(doc);
        return field instanceof DocField.Rendered
                        && value instanceof String digits
                        && digits.matches("\\d{1,6}")
                ? (Object) Long.valueOf(digits)
                : value;
    }

    /** The answers of a question with a generated answer. */
    List<String> answers(TaskDoc doc) {
        Object value = target.value(doc);
        List<String> answers =
                value instanceof List<?> several
                        ? several.stream().map(String::valueOf).toList()
                        : List.of(target.text(doc));
        if (answers.isEmpty()) {
            throw new CairnException("doc_to_target: expected an answer, found none");
        }
        answers.forEach(answer -> notBlank("doc_to_target", answer));
        return answers;
    }

    List<String> choices(TaskDoc doc, DocField from) {
        if (!(from.value(doc) instanceof List<?> values)) {
            throw new CairnException(
                    "doc_to_choice: expected a list of choices, found "
                            + Shown.of(from.value(doc)));
        }
        List<String> choices = new ArrayList<>();
        for (Object value : values) {
            choices.add(String.valueOf(value));
            if (value == null || choices.getLast().isBlank()) {
                throw new CairnException("choice %d is empty".formatted(choices.size()));
            }
        }
        if (numChoices != null && choices.size() != numChoices) {
            throw new CairnException(
                    "expected %d choices, found %d".formatted(numChoices, choices.size()));
        }
        if (choices.size() < 2) {
            throw new CairnException("expected two or more choices, found " + choices.size());
        }
        return choices;
    }

    private static String notBlank(String key, String text) {
        if (text.isBlank()) {
            throw new CairnException(key + ": expected a string, found an empty one");
        }
        return text;
    }

    /**
     * Indices of the correct choices, given as a whole number, digits, the text of a choice, or a
     * list of these, which may be the text {@code [0, 2]}.
     */
    private static Set<Integer> gold(@Nullable Object value, List<String> choices) {
        Set<Integer> gold = new HashSet<>();
        switch (value) {
            case List<?> several -> several.forEach(one -> gold.add(place(one, choices)));
            case String text when INDICES.matcher(text).matches() -> {
                for (String number : text.split("\\D+")) {
                    if (!number.isEmpty()) {
                        gold.add(place(Long.valueOf(number), choices));
                    }
                }
            }
            case null, default -> gold.add(place(value, choices));
        }
        if (gold.isEmpty()) {
            throw new CairnException("expected at least one right choice, found none");
        }
        return gold;
    }

    private static int place(@Nullable Object value, List<String> choices) {
        long place =
                switch (value) {
                    case Long number -> number;
                    case String text when choices.contains(text) -> choices.indexOf(text);
                    case String text when text.matches("\\d{1,6}") -> Long.parseLong(text);
                    case null, default -> -1;
                };
        if (place < 0 || place >= choices.size()) {
            throw new CairnException(
                    "the right answer is %s; expected 0 to %d or the text of a choice"
                            .formatted(
                                    value == null ? "missing" : "'" + Shown.of(value) + "'",
                                    choices.size() - 1));
        }
        return (int) place;
    }
}
