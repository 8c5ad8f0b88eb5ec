package dev.cairn.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
    private final CircuitBreaker breaker = new CircuitBreaker(3);

    private void fail() {
        breaker.failed(failures -> new CairnException(failures + " in a row"));
    }

    @Test
    void theLastOfTooManyFailuresEndsTheWork() {
        fail();
        fail();
        assertThatCode(breaker::throwIfOpen).doesNotThrowAnyException();
        assertThatThrownBy(this::fail).isInstanceOf(CairnException.class).hasMessage("3 in a row");
        assertThatThrownBy(breaker::throwIfOpen).hasMessage("3 in a row");
    }

    @Test
    void aSuccessBeginsTheCountAgain() {
        fail();
        fail();
        breaker.succeeded();
        fail();
        fail();
        assertThatThrownBy(this::fail).hasMessage("3 in a row");
    }

    @Test
    void theFirstErrorIsTheOneThatCounts() {
        CairnException first = new CairnException("first");
        assertThat(breaker.open(first)).isSameAs(first);
        assertThat(breaker.open(new CairnException("second"))).isSameAs(first);
        assertThatThrownBy(breaker::throwIfOpen).isSameAs(first);
    }

    @Test
    void whatFailsAfterTheEndEndsWithTheSameError() {
        CairnException first = new CairnException("first");
        breaker.open(first);
        fail();
        fail();
        assertThatThrownBy(this::fail).isSameAs(first);
    }

    @Test
    void aSuccessAfterTheEndDoesNotCloseIt() {
        breaker.open(new CairnException("over"));
        breaker.succeeded();
        assertThatThrownBy(breaker::throwIfOpen).hasMessage("over");
    }
}
