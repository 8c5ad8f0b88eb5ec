package dev.cairn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records as other projects write them, one per line and in one array. */
class RecordKindTest {
    private static final String ALPACA =
            """
            {"instruction": "Add.", "input": "1 and 2", "output": "3"}
            """;

    @TempDir Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instruction":"Add.","input":"1 2","output":"3"}                          | alpaca | Add.~~1 2 | 3
                    {"instruction":"Sing.","input":"","output":"La","text":"Below"}            | alpaca | Sing. | La
                    {"instruction":"Sing.","output":"La"}                                      | alpaca | Sing. | La
                    {"instruction":"Sing.","input":null,"output":"La","category":"art"}        | art | Sing. | La
                    {"instruction":"Who?","context":"Ann.","response":"Ann","category":"qa"}   | qa | Who?~~Ann. | Ann
                    {"instruction":"Who?","context":"","response":"Ann"}                       | dolly | Who? | Ann
                    {"instruction":"Who?","output":"Ann","kind":"where","category":"qa"}       | where | Who? | Ann
                    {"id":"s1","instruction":"Add.","instances":[{"input":"1 2","output":"3"}]} | self-instruct | Add.~~1 2 | 3
                    {"prompt":"1 + 1 =","completion":" 2"}                                     | completion | 1 + 1 = | 2
                    {"prompt":"1 + 1 =","completion":"  2"}                                    | completion | 1 + 1 = | ` 2`
                    {"conversations":[{"from":"human","value":"Hi"},{"from":"gpt","value":"Yes?"}]} | sharegpt | Hi | Yes?
                    {"conversations":[{"from":"system","value":"Be"},{"from":"user","value":"Hi"},{"from":"bing","value":"Yes?"}]} | sharegpt | System: Be~User: Hi | Yes?
                    {"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"}]} | messages | Hi | Yes?
                    {"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"A?"},{"role":"assistant","content":"B"}]} | messages | User: Hi~Assistant: Yes?~User: A? | B
                    {"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"Yes?"},{"role":"user","content":"A?"}]} | messages | Hi | Yes?
                    {"messages":[{"role":"assistant","content":"Hi"},{"role":"user","content":"A?"},{"role":"assistant","content":"B"}]} | messages | Assistant: Hi~User: A? | B
                    {"messages":[{"role":"user","content":[{"type":"text","text":"A"},{"type":"text","text":"B"}]},{"role":"assistant","content":[{"type":"text","text":"C"}]}]} | messages | A~B | C
                    """)
    void becomeQuestions(String record, String kind, String input, String answer)
            throws IOException {
        String id = "set-000001";
        Question expected = new Question(id, kind, input.replace('~', '\n'), answer, Map.of());
        for (String text : new String[] {record, "[" + record + "]", "\ufeff" + record}) {
            assertThat(load(text).questions()).containsExactly(expected);
        }
    }

    @Test
    void idsAreLinesOrPlacesInTheArray() throws IOException {
        String other = "{\"instruction\":\"Add.\",\"input\":\"1 and 3\",\"output\":\"4\"}";
        assertThat(load(ALPACA + "\n" + other).questions())
                .extracting(Question::id)
                .containsExactly("set-000001", "set-000003");
        assertThat(load("\n [" + ALPACA + ",\n\n" + other + "\n]\n").questions())
                .extracting(Question::id)
                .containsExactly("set-000001", "set-000002");
        assertThat(
                        load("{\"instruction\":\"i\",\"instances\":[{\"output\":\"a\"},{\"output\":\"b\"}]}")
                                .questions())
                .extracting(Question::id)
                .containsExactly("set-000001", "set-000001-2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"instruction":"x"}                            | missing field 'output'
                    {"instruction":"x","output":3}                 | field 'output' must be a string, found NUMBER
                    {"instruction":"x","input":[],"output":"y"}    | field 'input' must be a string, found ARRAY
                    {"instruction":" ","input":"","output":"y"}    | field 'instruction' is empty
                    {"instruction":"x","response":"y"}             | expected {instruction, input, output} as in the first record, found {instruction, response}
                    {"prompt":"x","completion":"y"}                | expected {instruction, input, output} as in the first record, found {prompt, completion}
                    {"input":"x","answer":"y"}                     | expected {instruction, input, output} as in the first record, found {input, answer}
                    {"instruction":"a\\ud83d","output":"y"}        | field 'instruction' contains half of a surrogate pair
                    {"instruction":"x","output":"y","output":"z"}  | not valid JSON: Duplicate
                    {"instruction":"x","output":NaN}               | not valid JSON
                    7                                              | expected a JSON object, found '7'
                    """)
    void aBadRecordIsNamedByTheLineItBeginsAt(String record, String fault) throws IOException {
        refuses(ALPACA + "\n" + record + "\n" + ALPACA, 3, fault);
        String broken = record.replace(",", "\n,\n");
        refuses("[\n" + ALPACA + "\n,\n\n " + broken + ",\n" + ALPACA + "]", 6, fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"text":"Once"}                                      | only a text, without a question and its answer; a stack learns from records such as {prompt, completion}
                    {"question":"x","label":"y"}                         | expected {input, answer} or {instruction, input, output} or
                    {"question":"x","label":"y"}                         | , found {question, label}
                    {"prompt":"x","chosen":"y"}                          | missing field 'completion'
                    {"prompt":"","completion":"y"}                       | field 'prompt' is empty
                    {"instances":[{"output":"y"}]}                       | missing field 'instruction'
                    {"instruction":"x","instances":[]}                   | field 'instances' is empty
                    {"instruction":"x","instances":[1]}                  | field 'instances' must list objects, found NUMBER
                    {"conversations":{}}                                 | field 'conversations' must be a list, found OBJECT
                    {"conversations":[]}                                 | field 'conversations': expected a turn of the user followed by one of the assistant
                    {"conversations":[{"from":"human","value":"x"}]}     | field 'conversations': expected a turn of the user
                    {"conversations":[{"from":"gpt","value":"x"}]}       | field 'conversations': expected a turn of the user
                    {"conversations":[{"from":"human"}]}                 | field 'conversations[0].value' must be a string, found MISSING
                    {"conversations":[{"role":"user","content":"x"}]}    | field 'conversations[0].from' must be a string, found MISSING
                    {"messages":[{"role":"tool","content":"x"}]}         | field 'messages[0].role': unknown role 'tool'; known are assistant, bard, bing, chatgpt, gpt, human, system, user
                    {"messages":[{"role":"user","content":null}]}        | field 'messages[0].content' must be a string, found NULL
                    {"messages":[{"role":"user","content":[{"type":"image_url"}]}]} | field 'messages[0].content[0].type': expected text, found 'image_url'; Cairn reads only text
                    {"messages":[{"role":"user","content":["x"]}]}       | field 'messages[0].content[0].type' must be a string, found MISSING
                    {"input":"\\udc00","answer":"y"}                     | field 'input' contains half of a surrogate pair
                    {"input":"x","answer":"y","stages":{"a":"\\udc00"}}  | field 'stages.a' contains half of a surrogate pair
                    """)
    void aBadFirstRecordSaysWhatIsWrong(String record, String fault) throws IOException {
        refuses(record, 1, fault);
        refuses("[\n\n" + record + "]", 3, fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    [~{"input":"x","answer":"y"}              | 2 | not valid JSON: Unexpected end-of-input
                    [~{"input":"x","answer":"y"}~{}]          | 2 | (line 3, column
                    [~{"input":"x",~"answer":"y               | 2 | not valid JSON: Unexpected end-of-input
                    [~{"input":"x","answer":"y"}~]~{}         | 4 | expected nothing after the list of records, found '{'
                    [~{"input":"x","answer":"y"}~]~nonsense   | 2 | not valid JSON
                    """)
    void aBrokenArraySaysWhere(String text, int line, String fault) throws IOException {
        refuses(text.replace('~', '\n'), line, fault);
    }

    @Test
    void aRecordOnSeveralLinesIsToldWhatToDo() throws IOException {
        refuses("{\n\"prompt\": \"x\"\n}", 1, "; expected one complete record per line");
    }

    @Test
    void whatTeachesNothingIsLeftOutAndCounted() throws IOException {
        String text =
                ALPACA
                        + """
                        {"instruction": "Add.", "input": "1 and 2", "output": "three"}
                        {"instruction": "Add.", "input": "1 and 2", "output": "3"}
                        {"instruction": "Add.", "input": "1 and 3", "output": " \\n"}
                        {"instruction": "Add.", "input": "1 and 4", "output": ""}
                        {"instruction": "Add.", "input": "1 and 5", "output": null}
                        """;
        QuestionSet set = load(text);
        assertThat(set.questions()).extracting(Question::answer).containsExactly("3", "three");
        assertThat(set.leftOut())
                .extracting(LeftOut::toString)
                .containsExactly(
                        directory.resolve("set.json")
                                + ": left out 3 records with an empty output and 1 duplicate of 6");
        assertThat(load(ALPACA).leftOut()).isEmpty();
        String emptyTurn =
                "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"\"}]}\n";
        refuses(emptyTurn, -1, "left out 1 record with an empty output of 1; no question remains");
    }

    @Test
    void duplicatesAreSeenAcrossTheFilesOfAFolder() throws IOException {
        Files.writeString(directory.resolve("a.jsonl"), ALPACA);
        Files.writeString(
                directory.resolve("b.jsonl"),
                ALPACA + "{\"instruction\": \"Sing.\", \"output\": \"La\"}");
        QuestionSet set = QuestionSet.load(directory);
        assertThat(set.questions())
                .extracting(Question::id)
                .containsExactly("a-000001", "b-000002");
        assertThat(set.leftOut())
                .containsExactly(new LeftOut(directory.resolve("b.jsonl"), 2, 0, 1, 0));
    }

    @Test
    void cairnsOwnRecordsKeepTheirDuplicates() throws IOException {
        String own = "{\"input\": \"Is it?\", \"answer\": \"yes\"}\n";
        assertThat(load(own + own).questions()).hasSize(2);
        assertThat(load("[" + own + "," + own + "]").questions()).hasSize(2);
    }

    private QuestionSet load(String text) throws IOException {
        return QuestionSet.load(Files.writeString(directory.resolve("set.json"), text));
    }

    /** {@code line} is -1 for an error that is about the file. */
    private void refuses(String text, int line, String fault) {
        Path file = directory.resolve("set.json");
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + (line < 0 ? ": " : ":" + line + ": "))
                .hasMessageContaining(fault)
                .hasMessageNotContaining("\n");
    }
}
