package dev.cairn.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.config.TargetModules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeftConfigTest {
    private static final String QKV = "gpt_neox.layers.3.attention.query_key_value";

    @TempDir Path directory;

    /** A second's work for any matcher, and more than Cairn allows. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "'target_modules': '.*.*.*.*.*.*!|.*dense'",
                "'target_modules': ['dense'], 'rank_pattern': {'.*.*.*.*.*.*!': 2}"
            })
    void aPatternThatTakesTooLongIsRefused(String json) throws IOException {
        PeftConfig config = read(json);
        String module = "gpt_neox.layers.0.attention.query_key_value";

        assertThatThrownBy(
                        () -> {
                            config.targets(module, false);
                            config.rank(module);
                        })
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("takes too long to match");
    }

    @Test
    void readsWhatItWrote() throws IOException {
        PeftConfig config =
                new PeftConfig(
                        "org/base",
                        null,
                        8,
                        16,
                        0.05,
                        TargetModules.names("query_key_value", "dense"),
                        true,
                        Map.of("layers\\.0\\..*", 4),
                        Map.of("dense", 2.5));
        Path file = directory.resolve(PeftConfig.FILE_NAME);

        config.write(file);

        assertThat(PeftConfig.read(file)).isEqualTo(config);
        assertThat(Files.readString(file))
                .isEqualTo(
                        """
                        {
                          "alpha_pattern" : {
                            "dense" : 2.5
                          },
                          "base_model_name_or_path" : "org/base",
                          "bias" : "none",
                          "fan_in_fan_out" : false,
                          "inference_mode" : true,
                          "init_lora_weights" : true,
                          "lora_alpha" : 16,
                          "lora_dropout" : 0.05,
                          "peft_type" : "LORA",
                          "r" : 8,
                          "rank_pattern" : {
                            "layers\\\\.0\\\\..*" : 4
                          },
                          "target_modules" : [ "dense", "query_key_value" ],
                          "task_type" : "CAUSAL_LM",
                          "use_dora" : false,
                          "use_rslora" : true
                        }
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"all-linear\"", "\"ALL-LINEAR\"", "\".*(q|v)_proj\"", "[\"q_proj\"]"})
    void keepsEveryFormOfTargetModules(String json) throws IOException {
        PeftConfig config = read("'target_modules': " + json);

        config.write(directory.resolve("copy.json"));

        assertThat(PeftConfig.read(directory.resolve("copy.json"))).isEqualTo(config);
    }

    /** What PEFT 0.21 writes for a plain adapter: many keys, all of them switched off. */
    @Test
    void acceptsKeysThatAreSwitchedOff() throws IOException {
        PeftConfig config =
                read(
                        """
                        'alora_invocation_tokens': null, 'arrow_config': null, 'auto_mapping': null,
                        'bias': 'none', 'corda_config': null, 'ensure_weight_tying': false,
                        'exclude_modules': null, 'fan_in_fan_out': false, 'inference_mode': true,
                        'init_lora_weights': true, 'layer_replication': null,
                        'layers_to_transform': null, 'loftq_config': {}, 'lora_bias': false,
                        'megatron_core': 'megatron.core', 'modules_to_save': null,
                        'peft_version': '0.21.2', 'qalora_group_size': 16, 'revision': null,
                        'trainable_token_indices': null, 'use_dora': false, 'use_qalora': false
                        """);

        assertThat(config)
                .isEqualTo(PeftConfig.of("org/base", 8, 16, 0.05, TargetModules.names("v", "q")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'use_dora': true | use_dora: Cairn does not support the value true",
                "'bias': 'all' | bias: expected none, found 'all'",
                "'fan_in_fan_out': true | fan_in_fan_out",
                "'peft_type': 'IA3' | peft_type: expected LORA, found 'IA3'",
                "'peft_type': null | peft_type: expected LORA, found null",
                "'task_type': 'SEQ_CLS' | task_type: expected CAUSAL_LM",
                "'layers_to_transform': 0 | layers_to_transform",
                "'layer_replication': [[0, 4]] | layer_replication",
                "'lora_bias': true | lora_bias",
                "'alora_invocation_tokens': [1] | alora_invocation_tokens",
                "'megatron_config': {'a': 1} | megatron_config",
                "'exclude_modules': 'x' | exclude_modules",
                "'init_lora_weights': 'pissa' | init_lora_weights: expected false or gaussian",
                "'some_future_key': 'on' | some_future_key: Cairn does not support the value 'on'",
                "'r': 0 | r: expected 1 or more, found 0",
                "'r': 8.5 | r: expected a whole number, found 8.5",
                "'r': null | r: missing",
                "'lora_alpha': 'x' | lora_alpha: expected a number, found 'x'",
                "'lora_alpha': 1e999 | lora_alpha: expected a number above 0",
                "'lora_dropout': 1 | lora_dropout: expected at least 0 and less than 1",
                "'use_rslora': 1 | use_rslora: expected true or false, found 1",
                "'target_modules': [] | target_modules: expected module names",
                "'target_modules': [1] | target_modules: expected module names",
                "'target_modules': '(' | target_modules: '(' is not a valid regular expression",
                "'rank_pattern': {'(': 1} | rank_pattern: '(' is not a valid regular expression",
                "'rank_pattern': {'q': 0} | rank_pattern: q: expected 1 or more",
                "'target_modules': '(\\n' | target_modules: '(?' is not a valid regular expression",
                "'rank_pattern': 3 | rank_pattern: expected an object",
                "'alpha_pattern': {'q': '3'} | alpha_pattern: q: expected a number",
                "'base_model_name_or_path': 3 | base_model_name_or_path: expected text",
            })
    void refusesByNameWhatItCannotHonour(String override, String complaint) {
        assertThatThrownBy(() -> read(override))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(directory.resolve(PeftConfig.FILE_NAME) + ": " + complaint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"r\": 1, \"r\": 2}", "null"})
    void refusesWhatIsNoJsonObject(String text) throws IOException {
        Path file = directory.resolve(PeftConfig.FILE_NAME);
        Files.writeString(file, text);

        assertThatThrownBy(() -> PeftConfig.read(file))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file.toString());
    }

    @Test
    void namesTheMissingFile() {
        Path file = directory.resolve("none.json");

        assertThatThrownBy(() -> PeftConfig.read(file))
                .hasMessage(file + ": cannot read: no such file or directory");
    }

    @Test
    void matchesModulesByPeftsRules() {
        TargetModules names = TargetModules.names("query_key_value", "mlp.dense");
        assertThat(names.matches(QKV, false)).isTrue();
        assertThat(names.matches("query_key_value", false)).isTrue();
        assertThat(names.matches("x.my_query_key_value", false)).isFalse();
        assertThat(names.matches("x.attention.dense", false)).isFalse();
        assertThat(names.matches("x.mlp.dense", false)).isTrue();

        TargetModules regex = new TargetModules.Regex(".*\\.(q|v)_proj");
        assertThat(regex.matches("layers.0.v_proj", false)).isTrue();
        assertThat(regex.matches("layers.0.v_proj.more", false)).isFalse();

        TargetModules all = new TargetModules.AllLinear();
        assertThat(all.matches(QKV, false)).isTrue();
        assertThat(all.matches("embed_out", true)).isFalse();
    }

    @Test
    void scalesByAlphaOverRankWithPatterns() throws IOException {
        PeftConfig plain = PeftConfig.of("b", 8, 16, 0, new TargetModules.AllLinear());
        assertThat(plain.scale(QKV)).isEqualTo(2);

        PeftConfig patterned =
                read(
                        """
                        'rank_pattern': {'layers.3.attention.query_key_value': 4, 'query_key_value': 2},
                        'alpha_pattern': {'attention\\\\..*': 10, 'value': 99}
                        """);
        // The first pattern that matches counts, and parts of a name count only as a whole.
        assertThat(patterned.rank(QKV)).isEqualTo(4);
        assertThat(patterned.rank("gpt_neox.layers.4.attention.query_key_value")).isEqualTo(2);
        assertThat(patterned.rank("gpt_neox.layers.4.mlp.dense")).isEqualTo(8);
        assertThat(patterned.scale(QKV)).isEqualTo(2.5);
        assertThat(patterned.scale("x.query_key_value")).isEqualTo(8);

        // Rounding of one division in double.
        assertThat(read("'use_rslora': true").scale(QKV))
                .isCloseTo(16 / Math.sqrt(8), within(1e-12));
    }

    /** A plain adapter's file with some keys replaced or added; quotes are single. */
    private PeftConfig read(String overrides) throws IOException {
        List<String> defaults =
                List.of(
                        "'peft_type': 'LORA'",
                        "'base_model_name_or_path': 'org/base'",
                        "'r': 8",
                        "'lora_alpha': 16",
                        "'lora_dropout': 0.05",
                        "'target_modules': ['q', 'v']");
        StringBuilder json = new StringBuilder("{").append(overrides);
        for (String line : defaults) {
            if (!overrides.contains(line.substring(0, line.indexOf(':') + 1))) {
                json.append(", ").append(line);
            }
        }
        Path file = directory.resolve(PeftConfig.FILE_NAME);
        Files.writeString(file, json.append("}").toString().replace('\'', '"'));
        return PeftConfig.read(file);
    }
}
