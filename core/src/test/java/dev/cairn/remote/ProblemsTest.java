package dev.cairn.remote;

import static dev.cairn.remote.FakeTeacher.error;
import static dev.cairn.remote.FakeTeacher.json;
import static dev.cairn.remote.FakeTeacher.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cairn.CairnException;
import dev.cairn.remote.FakeTeacher.Reply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person is told when a server does not answer as it should. */
class ProblemsTest {
    private static final String BASE = "http://localhost:PORT/v1";

    /** The one line that is said, with PORT for the server's; nothing shows the key. */
    private static String problem(Reply reply) {
        try (FakeTeacher teacher = FakeTeacher.start(reply)) {
            return problem(
                    Remotes.settings(teacher.baseUrl(), Duration.ofSeconds(60), 1, Remotes.KEY));
        }
    }

    private static String problem(RemoteSettings settings) {
        try (RemoteModel model = new Remotes().open(settings)) {
            Throwable error = catchThrowable(() -> model.asking(1).answer("q"));
            assertThat(error).isInstanceOf(CairnException.class);
            StringWriter trace = new StringWriter();
            error.printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).doesNotContain(Remotes.KEY);
            assertThat(error.getMessage()).hasLineCount(1);
            return String.valueOf(error.getMessage())
                    .replace(":" + settings.baseUrl().getPort(), ":PORT");
        }
    }

    @Test
    void aRefusedKeyIsNotShownEvenWhenTheServerRepeatsIt() {
        assertThat(problem(error(401, "Incorrect API key provided: " + Remotes.KEY + ".")))
                .isEqualTo(
                        BASE
                                + ": refuses access (401: 'Incorrect API key provided: [API key].'); check that the API key is the right one");
        for (int status : new int[] {302, 400, 403, 404, 418, 429, 500}) {
            String said = "bad " + Remotes.KEY;
            assertThat(problem(error(status, said, "Location", Remotes.KEY)))
                    .contains("[API key]")
                    .contains("" + status);
        }
        assertThat(problem(status(200, "no JSON but " + Remotes.KEY))).contains("[API key]");
        assertThat(problem(json("{\"error\": \"" + Remotes.KEY + "\"}"))).contains("[API key]");
    }

    @Test
    void aMissingKeyIsAskedFor() {
        try (FakeTeacher teacher = FakeTeacher.start(error(401, "who are you?"))) {
            assertThat(problem(Remotes.settings(teacher.baseUrl())))
                    .isEqualTo(
                            BASE + ": refuses access (401: 'who are you?'); set an API key for it");
        }
    }

    @Test
    void aMissingModelAndAWrongAddressAreToldApart() {
        assertThat(problem(error(404, "model \"llama3.2:3b\" not found, try pulling it first")))
                .isEqualTo(
                        BASE
                                + ": has no model 'llama3.2:3b' (404: 'model \"llama3.2:3b\" not found, try pulling it first'); check its name");
        assertThat(problem(status(404, "404 page not found")))
                .isEqualTo(
                        BASE
                                + ": has no chat completions (404); is base_url right? it usually ends with /v1");
        assertThat(problem(status(404, "{\"detail\": \"Not Found\"}")))
                .contains("(404: 'Not Found'); is base_url right?");
    }

    @Test
    void whatDoesNotPassSaysHowOftenItWasTried() {
        assertThat(problem(error(429, "slow down")))
                .isEqualTo(
                        BASE
                                + ": has had too many requests (429: 'slow down'); gave up after 2 tries; run it again later");
        assertThat(problem(error(503, "loading")))
                .isEqualTo(
                        BASE
                                + ": the server failed (503: 'loading'); gave up after 2 tries; check its log");
        assertThat(problem(FakeTeacher.closesInBody()))
                .isEqualTo(
                        BASE
                                + ": the connection broke before the answer was complete; gave up after 2 tries; is the server still running?");
    }

    @Test
    void anAnswerThatNeverComesIsGivenUp() {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.hangs())) {
            assertThat(
                            problem(
                                    Remotes.settings(
                                            teacher.baseUrl(), Duration.ofMillis(300), 1, null)))
                    .isEqualTo(
                            BASE
                                    + ": no complete answer within 0.300 s; gave up after 2 tries; allow more time, or ask for fewer tokens");
        }
    }

    @Test
    void redirectsAreNotFollowed() {
        try (FakeTeacher elsewhere = FakeTeacher.start(FakeTeacher.says("a"))) {
            String target = elsewhere.baseUrl() + "/chat/completions";
            assertThat(problem(status(307, "", "Location", target)))
                    .isEqualTo(
                            BASE
                                    + ": redirects (307) to: '%s'; use the address it has moved to as base_url"
                                            .formatted(target));
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void whatIsNoCompletionIsNamed() {
        assertThat(problem(FakeTeacher.html()))
                .isEqualTo(
                        BASE
                                + ": answered with an HTML page instead of JSON; is base_url right? it usually ends with /v1");
        assertThat(problem(status(200, "")))
                .isEqualTo(BASE + ": answered with an empty body; check its log");
        assertThat(problem(json("{\"choices\": []}")))
                .isEqualTo(BASE + ": answered without choices");
        assertThat(problem(json("{\"error\": {\"message\": \"out of memory\"}}")))
                .isEqualTo(BASE + ": answered without choices: 'out of memory'");
        assertThat(problem(json("{\"choices\": [{}]}")))
                .isEqualTo(BASE + ": answered with a choice without a message");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "\"yes\"", "{\"choices\": [", "data: {}", "42", "\0\1"})
    void nonsenseIsQuoted(String body) {
        assertThat(problem(json(body)))
                .startsWith(BASE + ": answered with something other than a JSON completion")
                .endsWith("; is base_url right?");
    }

    @Test
    void deepNestingIsNonsenseToo() {
        String nonsense = "something other than a JSON completion";
        assertThat(problem(json(nested(1001)))).contains(nonsense);
        assertThat(problem(json("{\"choices\": " + nested(1000) + "}"))).contains(nonsense);
        assertThat(problem(json("{\"x\": " + nested(900) + "}"))).contains("without choices");
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    @Test
    void somethingElseThanTextIsNoEmptyAnswer() {
        assertThat(problem(choice("{\"content\": null, \"refusal\": \"I must not.\"}", "stop")))
                .isEqualTo(BASE + ": refuses to answer: 'I must not.'");
        assertThat(
                        problem(
                                choice(
                                        "{\"tool_calls\": [{\"id\": \"1\", \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": \"{}\"}}]}",
                                        "tool_calls")))
                .isEqualTo(
                        BASE
                                + ": calls a tool instead of answering; choose a model that answers in text");
        assertThat(problem(choice("{\"content\": \"I w\"}", "content_filter")))
                .isEqualTo(BASE + ": stopped the answer with its content filter");
    }

    private static Reply choice(String message, String reason) {
        return json(
                "{\"choices\": [{\"message\": %s, \"finish_reason\": \"%s\"}]}"
                        .formatted(message, reason));
    }

    @Test
    void whatAServerSaysIsCutAndHasNoControlCharacters() {
        String line = problem(error(400, "a\u001b[31m\n\u202eb" + "c".repeat(1000)));
        assertThat(line)
                .isEqualTo(
                        BASE
                                + ": does not accept the request (400: 'a [31m b"
                                + "c".repeat(192)
                                + "...')");
    }

    @Test
    void anAnswerWithoutEndIsNotReadToIt() {
        assertThat(problem(FakeTeacher.neverEnds()))
                .isEqualTo(BASE + ": sends an answer of more than 4 MiB; is base_url right?");
    }

    @Test
    void aServerThatSpeaksNoTlsAndAHostThatIsNoneAreNamed() throws IOException {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.says("a"))) {
            URI url = URI.create("https://localhost:" + teacher.baseUrl().getPort() + "/v1");
            assertThat(problem(Remotes.settings(url)))
                    .startsWith("https://localhost:PORT/v1: no secure connection")
                    .endsWith("does it speak https, and is its certificate trusted?");
        }
        assertThat(problem(Remotes.settings(URI.create("http://no-such-host.invalid:80/v1"))))
                .isEqualTo(
                        "http://no-such-host.invalid:PORT/v1: no such host, or no network; check base_url");
    }

    @Test
    void ollamaIsNamedWhereItIsExpected() throws IOException {
        try (ServerSocket free = new ServerSocket()) {
            free.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 11434));
        } catch (IOException e) {
            Assumptions.abort("something runs on Ollama's port");
        }
        assertThat(problem(Remotes.settings(URI.create("http://localhost:11434/v1/"))))
                .isEqualTo(BASE + ": cannot connect; is the server running? (ollama serve)");
    }

    @Test
    void halfACharacterCannotBeSent() {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.says("a"));
                RemoteModel model = new Remotes().open(teacher)) {
            assertThat(catchThrowable(() -> model.asking(1).answer("half \ud83d of it")))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("half of a surrogate pair");
            assertThat(teacher.requests()).isEmpty();
        }
    }
}
