package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whoever asks for Java alone must not get the native library because it was loaded too early. */
class EarlyNativeTest {
    @Test
    void loadsNothingNativeWhereItMayBeUnwanted() {
        assertThat(Cairn.mayUseOneDnn(new String[] {"run", "a.yaml", "text"})).isTrue();
        assertThat(Cairn.mayUseOneDnn(new String[] {"run", "--no-native", "a.yaml"})).isFalse();
        assertThat(Cairn.mayUseOneDnn(new String[] {"run", "a.yaml", "--no-native=true"}))
                .isFalse();
        assertThat(Cairn.mayUseOneDnn(new String[] {"run", "@arguments"})).isFalse();
    }
}
