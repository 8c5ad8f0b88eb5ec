package dev.cairn.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerLimitsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0 | 1 | 1 | 1 | parallel: expected at least 1, found 0",
                "1 | -1 | 1 | 1 | 1 | queue: expected at least 0, found -1",
                "1 | 0 | 0 | 1 | 1 | bodyBytes: expected at least 1, found 0",
                "1 | 0 | 1 | 0 | 1 | maxTokens: expected at least 1, found 0",
                "1 | 0 | 1 | 1 | 0 | timeout in ms: expected at least 1, found 0",
            })
    void limitsThatLetNothingThroughAreRefused(
            int parallel, int queue, long bytes, int tokens, long millis, String message) {
        assertThatThrownBy(() ->
                        new ServerLimits(parallel, queue, bytes, tokens, Duration.ofMillis(millis)))
                .isInstanceOf(CairnException.class)
                .hasMessage(message);
    }
}
