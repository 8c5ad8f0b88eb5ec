package dev.cairn.data;

import dev.cairn.records.DataRecord;
import dev.cairn.records.Excerpt;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The kinds of JSON records that are read. */
enum RecordKind {
    CAIRN("{input, answer}"),
    ALPACA("{instruction, input, output}"),
    DOLLY("{instruction, context, response}"),
    SELF_INSTRUCT("{instruction, instances}"),
    SHAREGPT("{conversations}"),
    MESSAGES("{messages}"),
    COMPLETION("{prompt, completion}");

    /** Fields that say what kind of question it is; the second is Dolly's. */
    private static final List<String> QUESTION_KINDS = List.of("kind", "category");

    private final String shape;

    RecordKind(String shape) {
        this.shape = shape;
    }

    /**
     * Recognises the kind of a file by its first record.
     *
     * @throws dev.cairn.CairnException naming the file and line when it is none of them
     */
    static RecordKind ofFirst(DataRecord record) {
        RecordKind kind = of(record);
        if (kind != null) {
            return kind;
        }
        if (record.has("text")) {
            throw record.error(
                    "only a text, without a question and its answer; a stack learns from records"
                            + " such as {prompt, completion}, and cairn pretrain from plain text files");
        }
        throw record.error(
                "expected %s, found %s"
                        .formatted(
                                Arrays.stream(values())
                                        .map(known -> known.shape)
                                        .collect(Collectors.joining(" or ")),
                                fields(record)));
    }

    /**
     * Needs only a field or two to recognise the kind, so that an error can name what else is
     * missing.
     */
    private static @Nullable RecordKind of(DataRecord record) {
        if (record.has("conversations")) {
            return SHAREGPT;
        }
        if (record.has("messages")) {
            return MESSAGES;
        }
        if (record.has("instances")) {
            return SELF_INSTRUCT;
        }
        if (record.has("instruction")) {
            return record.has("response") && !record.has("output") ? DOLLY : ALPACA;
        }
        if (record.has("prompt") || record.has("completion")) {
            return COMPLETION;
        }
        return record.has("input") || record.has("answer") ? CAIRN : null;
    }

    /**
     * The questions of a record of this kind; an answer may be blank, except in Cairn's own form.
     * There is none if the record says that none of its answers is to be learnt.
     *
     * @throws dev.cairn.CairnException naming the file and line when the record is invalid or of
     *     another kind
     */
    List<Question> questions(DataRecord record) {
        // For Cairn's own form, JsonlQuestions names the field that does not belong there.
        if (this != CAIRN && of(record) != this) {
            throw record.error(
                    "expected %s as in the first record, found %s"
                            .formatted(shape, fields(record)));
        }
        return switch (this) {
            case CAIRN -> List.of(JsonlQuestions.question(record));
            case ALPACA -> List.of(Instructions.question(record, "alpaca", "input", "output"));
            case DOLLY -> List.of(Instructions.question(record, "dolly", "context", "response"));
            case SELF_INSTRUCT -> Instructions.instances(record);
            case SHAREGPT -> Conversation.shareGpt(record);
            case MESSAGES -> Conversation.messages(record);
            case COMPLETION ->
                    Conversation.isInTurns(record)
                            ? Conversation.completion(record)
                            : List.of(completion(record));
        };
    }

    /**
     * Strips the space with which older files begin a completion, for tokenizers that treat it as
     * part of the word.
     */
    private static Question completion(DataRecord record) {
        String completion = record.text("completion");
        return new Question(
                record.id(),
                questionKind(record, "completion"),
                Conversation.input(record, record.filledText("prompt")),
                completion.startsWith(" ") ? completion.substring(1) : completion,
                Map.of());
    }

    /** The kind of question that the record names, or {@code otherwise} if it names none. */
    static String questionKind(DataRecord record, String otherwise) {
        return QUESTION_KINDS.stream()
                .map(record.fields()::path)
                .filter(value -> value.isString() && !value.stringValue().isBlank())
                .map(JsonNode::stringValue)
                .findFirst()
                .orElse(otherwise);
    }

    private static String fields(DataRecord record) {
        String names =
                record.fields().propertyNames().stream()
                        .limit(10)
                        .collect(Collectors.joining(", "));
        return "{" + Excerpt.of(names) + "}";
    }
}
