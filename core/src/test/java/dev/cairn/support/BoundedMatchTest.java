package dev.cairn.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class BoundedMatchTest {
    @Test
    void theWholeTextMustMatch() {
        assertThat(BoundedMatch.matches(Pattern.compile("a+b?"), "aaab")).isTrue();
        assertThat(BoundedMatch.matches(Pattern.compile("a+b?"), "aaabc")).isFalse();
    }

    @Test
    void aMatcherMayBeUsedInAnyWay() {
        String replaced =
                BoundedMatch.with(
                        Pattern.compile("(\\w)-"), "a-b-c", matcher -> matcher.replaceAll("$1+"));
        assertThat(replaced).isEqualTo("a+b+c");
    }

    /** A long text gets more looks than a short one. */
    @Test
    void aLongTextMayBeReadWhole() {
        assertThat(BoundedMatch.matches(Pattern.compile("x*"), "x".repeat(5_000_000))).isTrue();
    }

    /** A second's work for any matcher, and more than is allowed. */
    @Test
    void whatTakesTooLongIsAnError() {
        Pattern pattern = Pattern.compile(".*.*.*.*.*.*!");
        assertThatThrownBy(() -> BoundedMatch.matches(pattern, "x".repeat(40)))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "the regular expression .*.*.*.*.*.*! takes too long to match; write a simpler one");
    }
}
