package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
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
                // Possessive and lazy repetitions, as tiktoken's own patterns have them.
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*|\\s*[\\r\\n]|\\s+(?!\\S)|\\s+",
                " ?\\p{L}++|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s+(?!\\S)|\\s++",
                "'(?i:[sdmt]|ll|ve|re)|[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|\\p{N}{1,3}+| ?[^\\s\\p{L}\\p{N}]++[\\r\\n]*+|\\s++$|\\s*[\\r\\n]|\\s+(?!\\S)|\\s",
                "a{1,3}+|b{2}+|c",
                "a??b+?c*?",
                "a++b++c++d",
                // Digits in threes from the right.
                "\\d{1,3}(?=(?:\\d{3})*\\b)",
                "\\p{N}{1,3}(?=(\\p{N}{3})*(?!\\p{N}))|\\s+",
                "(?<=\\d)\\d{3}",
                // Other kinds of groups.
                "(?<word>\\w+)|(?>\\s+)|(?i:x)|(?-i:y)",
                "\\d",
                " {2,}",
                "[一-龥\u0800-一가-\ud7ff]+"
            })
    void whatTokenizersUsePasses(String regex) {
        assertThat(RegexGuard.isHarmless(regex)).isTrue();
    }

    /** Every rule, by expressions that are harmless because they are short and bounded. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // A group that repeats something may not be repeated, nor one with alternatives.
                "(a{1,2}){1,2}",
                "(?:a{1,2}){1,2}",
                "((a){1,2}){1,2}",
                "(a|b){1,2}",
                // Three repetitions, and something that must follow the second.
                "a{1,2}b{1,2}c{1,2}",
                "a{1,2}b{1,2}c",
                "(a{1,2})b{1,2}c",
                ".{1,2}.{1,2}=.{1,2}",
                // A repetition deeper than one group, or one too many in a look-around.
                "((a{1,2}))b",
                "(?=a{1,2}b{1,2})c",
                "(?=a{1,2}b{1,2}|c)c",
                "a{1,2}b{1,2}(?=c{1,2})",
                "(?=a)?b",
                // Counts of counts.
                "(a{2}){2}",
                "((a{2})b){2}",
                "(a{2}){1,2}",
                // References to groups.
                "(a)\\1",
                "(a)\\k<1>",
                "(a)\\g<1>",
                // Quantifiers of quantifiers, and large counts.
                "a{1,2}{1,2}",
                "a{1,2}+b",
                "a{2}+b",
                "(a{1,2}+)",
                "(a{1,2}+|b)c",
                "a{2}?",
                "a???",
                "(?:a++){1,2}",
                "a{1,100}",
                "a{,}",
                // Other kinds of groups and escapes.
                "(?#a)",
                "(?x:a)",
                "(?(1)a)",
                "a\\Kb",
                // What is no regular expression.
                "(a",
                "a)",
                "[a",
                "a\\",
                "\\p{L",
                "*a",
                "+",
                ""
            })
    void whatMayTakeLongDoesNot(String regex) {
        assertThat(RegexGuard.isHarmless(regex)).isFalse();
    }

    @Test
    void lengthAndDepthHaveALimit() {
        assertThat(RegexGuard.isHarmless("a".repeat(4000))).isTrue();
        assertThat(RegexGuard.isHarmless("a".repeat(4001))).isFalse();
        assertThat(RegexGuard.isHarmless("(".repeat(62) + "a" + ")".repeat(62))).isTrue();
        assertThat(RegexGuard.isHarmless("(".repeat(63) + "a" + ")".repeat(63))).isFalse();
    }
}
