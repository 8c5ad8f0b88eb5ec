package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stands beside the turns of a record, and which of the turns is learnt. */
class ConversationTest {
    private static final String TURNS =
            "\"conversations\":[{\"from\":\"human\",\"value\":\"Hi\"},{\"from\":\"gpt\",\"value\":\"Yes?\"}]";
    private static final String MESSAGES =
            "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Yes?\"}]";

    @TempDir Path directory;

    /** The record's own fields are inserted for TURNS and MESSAGES. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"system":"Be short.",TURNS}                                                     | System: Be short.~User: Hi
                    {MESSAGES,"system":"Be short."}                                                  | System: Be short.~User: Hi
                    {MESSAGES,"system_prompt":"Be short."}                                           | System: Be short.~User: Hi
                    {MESSAGES,"system":"Be.","system_prompt":"Be."}                                  | System: Be.~User: Hi
                    {"system":"Be.","conversations":[{"from":"system","value":"Be."},{"from":"human","value":"Hi"},{"from":"gpt","value":"Yes?"}]} | System: Be.~User: Hi
                    {"history":[["A","B"]],"conversations":[{"from":"system","value":"Be."},{"from":"human","value":"Hi"},{"from":"gpt","value":"Yes?"}]} | System: Be.~User: A~Assistant: B~User: Hi
                    {MESSAGES,"history":[{"role":"user","content":"A"},{"role":"assistant","content":"B"}]} | User: A~Assistant: B~User: Hi
                    {"instruction":"Hi","output":"Yes?","system":"Be.","history":[["A","B"],["C","D"]]} | System: Be.~User: A~Assistant: B~User: C~Assistant: D~User: Hi
                    {"instruction":"Add.","input":"1","output":"Yes?","system":"Be."}                | System: Be.~User: Add.~~1
                    {"instruction":"Hi","response":"Yes?","system":"Be."}                            | System: Be.~User: Hi
                    {"instruction":"Hi","system":"Be.","instances":[{"output":"Yes?"}]}              | System: Be.~User: Hi
                    {"prompt":"Hi","completion":"Yes?","system":"Be."}                               | System: Be.~User: Hi
                    {"prompt":[{"role":"user","content":"Hi"}],"completion":[{"role":"assistant","content":"Yes?"}],"system":"Be."} | System: Be.~User: Hi
                    {"system":"",TURNS}                                                              | Hi
                    {"system":null,"history":null,"tools":null,TURNS}                                | Hi
                    {"system":" ","history":[],"tools":[],MESSAGES}                                  | Hi
                    {"history":"","tools":"[]","functions":{},MESSAGES}                              | Hi
                    {"instruction":"Hi","output":"Yes?","system":"","history":[],"tools":""}         | Hi
                    """)
    void systemAndHistoryStandBeforeTheTurns(String record, String input) throws IOException {
        assertThat(load(record).questions())
                .extracting(Question::input, Question::answer)
                .containsExactly(tuple(input.replace('~', '\n'), "Yes?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"system":3,TURNS}                                          | field 'system' must be a string, found NUMBER
                    {"system":"A","system_prompt":"B",TURNS}                    | field 'system_prompt': there is another text in field 'system'
                    {"system":"A","conversations":[{"from":"system","value":"B"},{"from":"human","value":"Hi"},{"from":"gpt","value":"Yes?"}]} | field 'system': the turns begin with another system message
                    {"history":"A",TURNS}                                       | field 'history': expected a list of pairs
                    {"history":["A","B"],TURNS}                                 | field 'history[0]': expected a pair
                    {"history":[["A","B"],["C",null]],TURNS}                    | field 'history[1][1]' must be a string, found NULL
                    {"tools":[{"name":"f"}],TURNS}                              | field 'tools': Cairn learns texts, not calls of tools
                    {"tools":"[{}]",MESSAGES}                                   | field 'tools'
                    {"functions":[{"name":"f"}],MESSAGES}                       | field 'functions'
                    {"instruction":"x","output":"y","tools":[{}]}               | field 'tools'
                    {"instruction":"x","response":"y","tools":[{}]}             | field 'tools'
                    {"prompt":"x","completion":"y","tools":[{}]}                | field 'tools'
                    {"instruction":"x","instances":[{"output":"y","system":"A"}]} | field 'system': expected in the record
                    {"input":"x","answer":"y","system":"A"}                     | unknown field 'system'
                    {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","tool_calls":[{}]}]} | field 'messages[1].tool_calls'
                    {"prompt":"x","completion":[{"role":"assistant","content":"y"}]} | field 'prompt' must be a list, found STRING
                    {"prompt":[{"role":"user","content":"x"}],"completion":"y"} | field 'completion' must be a list, found STRING
                    {"prompt":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}],"completion":[{"role":"user","content":"z"}]} | field 'completion': expected a turn of the user followed by one of the assistant
                    {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","weight":0.5}]} | field 'messages[1].weight': expected 0 or 1, found 0.5
                    {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","weight":"0"}]} | field 'messages[1].weight'
                    {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","train":"no"}]} | field 'messages[1].train': expected true or false
                    {"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","train_detail":[{"begin_offset":0}]}]} | field 'messages[1].train_detail'
                    """)
    void whatCannotBeLearntIsRefusedByName(String record, String fault) {
        assertThatThrownBy(() -> load(record))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(directory.resolve("set.json") + ":1: ")
                .hasMessageContaining(fault)
                .hasMessageNotContaining("\n");
    }

    /** A, B, C and D are the user's and the assistant's two turns. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    `"weight":1`     | `"weight":0`       | A                           | B
                    ``               | `"weight":0`       | A                           | B
                    `"weight":0`     | `"weight":1`       | User: A~Assistant: B~User: C | D
                    `"weight":0`     | ``                 | User: A~Assistant: B~User: C | D
                    `"weight":0`     | `"weight":null`    | User: A~Assistant: B~User: C | D
                    `"train":true`   | `"train":false`    | A                           | B
                    `"training":true` | `"training":false` | A                          | B
                    `"loss":true`    | `"loss":false`     | A                           | B
                    """)
    void aTurnOfWeight0IsReadButNotLearnt(String first, String last, String input, String answer)
            throws IOException {
        for (String form : new String[] {"messages", "conversations", "completion"}) {
            assertThat(load(record(form, first, last)).questions())
                    .extracting(Question::input, Question::answer)
                    .containsExactly(tuple(input.replace('~', '\n'), answer));
        }
    }

    @Test
    void aRecordWithoutATurnToLearnIsLeftOutAndCounted() throws IOException {
        QuestionSet set =
                load(
                        record("messages", "\"weight\":0", "\"weight\":0")
                                + "\n"
                                + record("messages", "", ""));
        assertThat(set.questions()).extracting(Question::answer).containsExactly("D");
        assertThat(set.leftOut())
                .extracting(LeftOut::toString)
                .containsExactly(
                        directory.resolve("set.json")
                                + ": left out 1 record whose answers are not to be learnt of 2");
    }

    @Test
    void turnsOfPromptAndCompletionAreReadAsMessages() throws IOException {
        String system = "{\"role\":\"system\",\"content\":\"Be.\"}";
        String user = "{\"role\":\"user\",\"content\":\"2+2?\"}";
        String assistant = "{\"role\":\"assistant\",\"content\":\"4\"}";
        for (String before : new String[] {user, system + "," + user}) {
            Question split =
                    load("{\"prompt\":[%s],\"completion\":[%s]}".formatted(before, assistant))
                            .questions()
                            .getFirst();
            Question whole =
                    load("{\"messages\":[%s,%s]}".formatted(before, assistant))
                            .questions()
                            .getFirst();
            assertThat(split.input()).isEqualTo(whole.input());
            assertThat(split.answer()).isEqualTo(whole.answer()).isEqualTo("4");
            assertThat(split.kind()).isEqualTo("completion");
        }
    }

    private static String record(String form, String first, String last) {
        String assistant = "{\"role\":\"assistant\",\"content\":\"%s\"%s}";
        String turns =
                String.join(
                        ",",
                        "{\"role\":\"user\",\"content\":\"A\"}",
                        assistant.formatted("B", first.isEmpty() ? "" : "," + first),
                        "{\"role\":\"user\",\"content\":\"C\"}",
                        assistant.formatted("D", last.isEmpty() ? "" : "," + last));
        return switch (form) {
            case "messages" -> "{\"messages\":[" + turns + "]}";
            case "conversations" ->
                    "{\"conversations\":["
                            + turns.replace("\"role\"", "\"from\"")
                                    .replace("\"content\"", "\"value\"")
                            + "]}";
            default -> {
                int end = turns.indexOf('}') + 1;
                yield "{\"prompt\":[%s],\"completion\":[%s]}"
                        .formatted(turns.substring(0, end), turns.substring(end + 1));
            }
        };
    }

    private QuestionSet load(String records) throws IOException {
        String text = records.replace("TURNS", TURNS).replace("MESSAGES", MESSAGES);
        return QuestionSet.load(Files.writeString(directory.resolve("set.json"), text));
    }
}
