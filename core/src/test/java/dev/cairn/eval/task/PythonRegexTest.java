package dev.cairn.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Regular expressions against what Python's re finds: tools/goldens/python_regex.py. */
class PythonRegexTest {
    @TempDir Path folder;
    private YamlFile yaml;

    @BeforeEach
    void writeYaml() {
        Path file = folder.resolve("task.yaml");
        AtomicFiles.writeString(file, "task: x\n");
        yaml = YamlFile.read(file);
    }

    static List<JsonNode> cases() throws IOException {
        Path file = Path.of("core/src/test/resources/python-regex.json");
        return JsonMapper.shared().readTree(Files.readString(file)).valueStream().toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void findsWhatPythonFinds(JsonNode each) {
        Matcher matcher =
                Regex.compile(each.path("pattern").asString(), yaml, "key")
                        .pattern()
                        .matcher(each.path("text").asString());
        List<List<@Nullable String>> found = new ArrayList<>();
        while (matcher.find()) {
            List<@Nullable String> groups = new ArrayList<>();
            for (int i = 0; i <= matcher.groupCount(); i++) {
                groups.add(matcher.group(i));
            }
            found.add(groups);
        }
        List<List<@Nullable String>> expected =
                each.path("found").valueStream().map(PythonRegexTest::texts).toList();
        assertThat(found).isEqualTo(expected);
    }

    private static List<@Nullable String> texts(JsonNode groups) {
        List<@Nullable String> texts = new ArrayList<>();
        groups.forEach(group -> texts.add(group.isNull() ? null : group.asString()));
        return texts;
    }

    @Test
    void groupsKeepTheirNames() {
        Regex regex = Regex.compile("(?P<first_name>\\w+) (?<last>\\w+)?", yaml, "key");
        Matcher matcher = regex.pattern().matcher("Ann ");
        assertThat(matcher.matches()).isTrue();
        Map<String, @Nullable String> named = regex.named(matcher);
        assertThat(named).hasSize(2).containsEntry("first_name", "Ann").containsEntry("last", null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(a)(?(1)b;c) | a choice by group, (?(...)...), is not supported",
                "(a | Unclosed group",
                "[a | Unclosed character class",
                "(?P<a>x)(?P=b) | ",
                "*a | Dangling meta character"
            })
    void whatCannotBeReadNamesFileAndKey(String regex, @Nullable String problem) {
        assertThatThrownBy(() -> Regex.compile(regex, yaml, "key"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(folder.resolve("task.yaml").toString())
                .hasMessageContaining("key: expected a regular expression, found '" + regex)
                .hasMessageContaining(problem == null ? "" : problem);
    }
}
