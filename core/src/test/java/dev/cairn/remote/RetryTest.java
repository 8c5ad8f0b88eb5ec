package dev.cairn.remote;

import static dev.cairn.remote.FakeTeacher.error;
import static dev.cairn.remote.FakeTeacher.says;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.remote.FakeTeacher.Reply;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, after how long, and what is not. */
class RetryTest {
    @SuppressWarnings("unused") // JUnit reads it
    private static final List<Named<Reply>> PASSING =
            List.of(
                    Named.of("429", error(429, "slow down")),
                    Named.of("500", error(500, "oops")),
                    Named.of("502 with HTML", FakeTeacher.status(502, "<html>Bad gateway</html>")),
                    Named.of("503 without a body", FakeTeacher.status(503, "")),
                    Named.of("closed before the answer", FakeTeacher.closesBeforeAnswer()),
                    Named.of("closed in the answer", FakeTeacher.closesInBody()));

    private final Remotes remotes = new Remotes();

    @ParameterizedTest
    @FieldSource("PASSING")
    void whatMayPassIsTriedAgainAfterALongerAndLongerWait(Reply failure) {
        try (FakeTeacher teacher = FakeTeacher.start(failure, failure, says("at last"));
                RemoteModel model = remotes.open(teacher)) {
            assertThat(model.asking(1).answer("q").text()).isEqualTo("at last");
            assertThat(teacher.requests()).hasSize(3);
            assertThat(teacher.requests())
                    .extracting(FakeTeacher.Request::body)
                    .containsOnly(teacher.requests().getFirst().body());
            assertThat(remotes.waits)
                    .containsExactly(Duration.ofMillis(500), Duration.ofMillis(1000));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerThatDoesNotComeInTimeIsTriedAgain(boolean isBegun) {
        Reply hangs = isBegun ? FakeTeacher.hangsInBody() : FakeTeacher.hangs();
        try (FakeTeacher teacher = FakeTeacher.start(hangs, says("at last"));
                RemoteModel model =
                        remotes.open(
                                Remotes.settings(
                                        teacher.baseUrl(), Duration.ofSeconds(2), 1, null))) {
            assertThat(model.asking(1).answer("q").text()).isEqualTo("at last");
            assertThat(teacher.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 422})
    void aRefusalIsFinal(int status) {
        try (FakeTeacher teacher = FakeTeacher.start(error(status, "no"), says("yes"));
                RemoteModel model = remotes.open(teacher)) {
            assertThatThrownBy(() -> model.asking(1).answer("q"))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining(status + ": 'no'");
            assertThat(teacher.requests()).hasSize(1);
            assertThat(remotes.waits).isEmpty();
        }
    }

    @Test
    void theServerSaysHowLongToWait() {
        try (FakeTeacher teacher =
                        FakeTeacher.start(
                                error(429, "slow down", "Retry-After", "120"),
                                error(503, "busy", "retry-after-ms", "250"),
                                says("at last"));
                RemoteModel model = remotes.open(teacher)) {
            assertThat(model.asking(1).answer("q").text()).isEqualTo("at last");
            assertThat(remotes.waits)
                    .containsExactly(Duration.ofSeconds(120), Duration.ofMillis(250));
        }
    }

    @Test
    void aServerMayNameAnHourToWaitUntil() {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60));
        try (FakeTeacher teacher =
                        FakeTeacher.start(error(503, "busy", "Retry-After", date), says("a"));
                RemoteModel model = remotes.open(teacher)) {
            model.asking(1).answer("q");
            assertThat(remotes.waits.getFirst())
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
        }
    }

    @Test
    void theBackOffIsNeverLongerThanEightSeconds() {
        try (FakeTeacher teacher = FakeTeacher.start(error(500, "oops"));
                RemoteModel model =
                        remotes.open(
                                Remotes.settings(
                                        teacher.baseUrl(), Duration.ofSeconds(60), 70, null))) {
            assertThatThrownBy(() -> model.asking(1).answer("q"))
                    .hasMessageContaining("gave up after 71 tries");
            assertThat(remotes.waits).hasSize(70);
            assertThat(remotes.waits.subList(4, 70)).containsOnly(Duration.ofSeconds(8));
        }
    }

    @Test
    void theWaitIsARealOne() {
        try (FakeTeacher teacher =
                        FakeTeacher.start(
                                error(429, "slow down", "retry-after-ms", "100"), says("a"));
                RemoteModel model = RemoteModel.open(Remotes.settings(teacher.baseUrl()))) {
            long start = System.nanoTime();
            model.asking(1).answer("q");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(100));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"121", "3600", "999999999999"})
    void aServerThatWantsMoreThanTwoMinutesIsNotWaitedFor(String retryAfter) {
        try (FakeTeacher teacher =
                        FakeTeacher.start(error(429, "slow down", "Retry-After", retryAfter));
                RemoteModel model = remotes.open(teacher)) {
            assertThatThrownBy(() -> model.asking(1).answer("q"))
                    .isInstanceOf(CairnException.class)
                    .message()
                    .matches(
                            teacher.baseUrl()
                                    + ": asks to wait [0-9.]+ s before the next request, more than the limit of 120 s; run it again later");
            assertThat(teacher.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-5", "NaN", "1e9", "", "soon", "Wed, 21 Oct 2015 07:28:00 GMT"})
    void whatMakesNoSenseIsAShortWait(String retryAfter) {
        try (FakeTeacher teacher =
                        FakeTeacher.start(
                                error(429, "slow down", "Retry-After", retryAfter), says("a"));
                RemoteModel model = remotes.open(teacher)) {
            assertThat(model.asking(1).answer("q").text()).isEqualTo("a");
            assertThat(remotes.waits.getFirst()).isLessThanOrEqualTo(Duration.ofMillis(500));
        }
    }

    @Test
    void aServerThatGoesAwayIsAskedAgainButNotOneThatNeverWas() {
        FakeTeacher teacher = FakeTeacher.start(says("a"));
        try (RemoteModel model = remotes.open(teacher)) {
            model.asking(1).answer("q");
            teacher.close();
            assertThatThrownBy(() -> model.asking(1).answer("q"))
                    .hasMessageContaining("gave up after 3 tries");
            assertThat(remotes.waits).hasSize(2);
        }
        remotes.waits.clear();
        try (RemoteModel model = remotes.open(teacher)) {
            assertThatThrownBy(() -> model.asking(1).answer("q"))
                    .hasMessage(teacher.baseUrl() + ": cannot connect; is the server running?");
            assertThat(remotes.waits).isEmpty();
        }
    }
}
