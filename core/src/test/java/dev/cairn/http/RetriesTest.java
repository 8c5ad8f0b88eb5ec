package dev.cairn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long is waited between tries, how often, and who decides; without a server. */
class RetriesTest {
    private static final int TRIES = 6;

    private final List<Duration> waits = new ArrayList<>();

    /** Grants no more than a minute. */
    private static final class Handler implements RetryHandler {
        @Override
        public Duration granted(Duration asked) {
            if (asked.toSeconds() > 60) {
                throw new CairnException("too long");
            }
            return asked;
        }

        @Override
        public CairnException gaveUp(TransientFailure failure, int tries) {
            return new CairnException(failure.getMessage() + " " + tries + " times");
        }

        @Override
        public CairnException interrupted(InterruptedException e) {
            return new CairnException("interrupted", e);
        }
    }

    private Retries retries(RetryPolicy.Pause pause) {
        return new Retries(
                new RetryPolicy(TRIES, Duration.ofMillis(500), Duration.ofSeconds(3), pause),
                new Handler());
    }

    private static TransientFailure answered(String header, String value) {
        return TransientFailure.answered(
                "busy", HttpHeaders.of(Map.of(header, List.of(value)), (n, v) -> true));
    }

    @Test
    void theWaitIsDoubledUpToItsLimitAndThenGivenUp() {
        assertThatThrownBy(() ->
                        retries(waits::add)
                                .call(() -> {
                                    throw new TransientFailure("broke", null);
                                }))
                .isInstanceOf(CairnException.class)
                .hasMessage("broke 6 times");
        assertThat(waits)
                .extracting(Duration::toMillis)
                .containsExactly(500L, 1000L, 2000L, 3000L, 3000L);
    }

    @Test
    void theFirstSuccessIsTheResult() {
        List<String> tries = new ArrayList<>();
        String result =
                retries(waits::add)
                        .call(() -> {
                            tries.add("try");
                            if (tries.size() < 3) {
                                throw answered("Retry-After", "7");
                            }
                            return "at last";
                        });
        assertThat(result).isEqualTo("at last");
        assertThat(waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
    }

    @Test
    void aWaitThatIsNotGrantedIsNotWaited() {
        assertThatThrownBy(() -> retries(waits::add).waitAfter(1, answered("retry-after", "61")))
                .hasMessage("too long");
        assertThat(waits).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "1e9", "", "soon", "9999999999999"})
    void whatMakesNoSenseIsNotAsked(String value) {
        retries(waits::add).waitAfter(2, answered("Retry-After", value));
        assertThat(waits).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void millisecondsFractionsAndDatesAreRead() {
        retries(waits::add).waitAfter(1, answered("Retry-After-Ms", "250"));
        retries(waits::add).waitAfter(1, answered("Retry-After", " 1.5 "));
        retries(waits::add).waitAfter(1, answered("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT"));
        assertThat(waits)
                .containsExactly(Duration.ofMillis(250), Duration.ofMillis(1500), Duration.ZERO);
    }

    @Test
    void anInterruptEndsTheWaitAndIsNotForgotten() {
        assertThatThrownBy(() ->
                        retries(
                                        wait -> {
                                            throw new InterruptedException();
                                        })
                                .waitAfter(1, new TransientFailure("broke", null)))
                .hasMessage("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 529})
    void aStatusThatMayPassIsTransient(int status) {
        assertThat(TransientFailure.isTransient(status)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 206, 302, 400, 401, 403, 404, 409, 410, 422})
    void aStatusThatStaysIsNot(int status) {
        assertThat(TransientFailure.isTransient(status)).isFalse();
    }

    @Test
    void aFailureIsSaidToBeWhereItWas() {
        TransientFailure failure = answered("Retry-After", "7").at("config.json");
        assertThat(failure).hasMessage("config.json: busy");
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
    }
}
