package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexGuardTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                // What the tokenizers of GPT-2 and GPT-NeoX, Llama 3, Qwen2 and Qwen3, o200k and
                // DeepSeek cut words with.
                "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
                "[\\r\\n]",
                "\\s?[\\p{L}]+",
                "\\d",
                " {2,}",
                "[一-龥\u0800-一가-\ud7ff]+"
            })
    void whatTokenizersUsePasses(String regex) {
        assertThat(RegexGuard.isHarmless(regex)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "(a+)+$",
                "(a|a)*c",
                "(a|b|ab)+",
                "(?:a*)*",
                "((a){1,9}){1,9}",
                "a*a*a*b",
                "a*a*b",
                ".*.*=.*",
                "(x+x+)+y",
                "((a*))b*c",
                "(?=(a+)+)b",
                "(?=a+)",
                "(a)\\1+",
                "a**",
                "a++",
                "a{1,99999}",
                "a{,}",
                "(?<name>a)",
                "(?R)",
                "\\g<0>",
                "(a",
                "a)",
                "[a",
                "a\\",
                "\\p{L",
                "*a",
                "+"
            })
    void whatMayBacktrackWithoutEndDoesNot(String regex) {
        assertThat(RegexGuard.isHarmless(regex)).isFalse();
    }
}
