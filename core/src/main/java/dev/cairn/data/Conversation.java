package dev.cairn.data;

import dev.cairn.records.DataRecord;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.template.ChatTranscript;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads records of conversations. The last turn of the assistant that is to be learnt is the
 * answer, and what comes before it is the input: only the user's text if there is nothing else,
 * otherwise all turns, each with the name of its role. What comes after the answer is dropped.
 */
final class Conversation {
    private Conversation() {}

    /**
     * Turns with {@code from} and {@code value}.
     *
     * @return empty if the record says of all its answers that they are not to be learnt
     */
    static List<Question> shareGpt(DataRecord record) {
        List<Turn> turns = Turn.all(record, "conversations", Turn.Form.SHAREGPT);
        return question(record, "sharegpt", "conversations", turns, 0);
    }

    /** Turns with {@code role} and {@code content}; empty as in {@link #shareGpt}. */
    static List<Question> messages(DataRecord record) {
        List<Turn> turns = Turn.all(record, "messages", Turn.Form.MESSAGES);
        return question(record, "messages", "messages", turns, 0);
    }

    /** Whether a record's prompt or completion is a list of turns. */
    static boolean isInTurns(DataRecord record) {
        return record.fields().path("prompt").isArray()
                || record.fields().path("completion").isArray();
    }

    /**
     * A prompt and its completion, both in turns with {@code role} and {@code content}, as TRL
     * calls conversational. The answer is a turn of the completion. Empty as in {@link #shareGpt}.
     */
    static List<Question> completion(DataRecord record) {
        List<Turn> turns = new ArrayList<>(Turn.all(record, "prompt", Turn.Form.MESSAGES));
        int prompt = turns.size();
        turns.addAll(Turn.all(record, "completion", Turn.Form.MESSAGES));
        return question(record, "completion", "completion", turns, prompt);
    }

    /**
     * @param list the field in which an answer is expected
     * @param from index of the first turn that may be the answer
     */
    private static List<Question> question(
            DataRecord record, String kind, String list, List<Turn> turns, int from) {
        List<Turn> own = turns.subList(from, turns.size());
        List<ChatMessage> all = messages(Context.before(record, turns));
        int answer = lastLearnt(own);
        if (answer < 0 && own.stream().anyMatch(turn -> turn.isBy(Turn.ASSISTANT))) {
            return List.of();
        }
        // What stands beside the turns comes before all of them.
        List<ChatMessage> before =
                all.subList(0, Math.max(0, all.size() - own.size() + Math.max(answer, 0)));
        if (answer < 0 || before.stream().noneMatch(Conversation::asks)) {
            throw record.error(
                    "field '%s': expected a turn of the user followed by one of the assistant"
                            .formatted(list));
        }
        return List.of(
                new Question(
                        record.id(),
                        RecordKind.questionKind(record, kind),
                        ChatTranscript.input(before),
                        own.get(answer).message().content(),
                        Map.of()));
    }

    /** The input of a record whose question is one text, with what stands beside it. */
    static String input(DataRecord record, String asked) {
        return ChatTranscript.input(
                messages(Context.before(record, List.of(Turn.of(Turn.USER, asked)))));
    }

    private static int lastLearnt(List<Turn> turns) {
        for (int i = turns.size() - 1; i >= 0; i--) {
            if (turns.get(i).learns()) {
                return i;
            }
        }
        return -1;
    }

    private static boolean asks(ChatMessage turn) {
        return turn.role().equals(Turn.USER) && !turn.content().isBlank();
    }

    private static List<ChatMessage> messages(List<Turn> turns) {
        return turns.stream().map(Turn::message).toList();
    }
}
