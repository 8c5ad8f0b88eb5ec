package dev.cairn.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.text.Answer;
import dev.cairn.text.Loglikelihood;
import dev.cairn.text.Score;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Scores from a server whose model a test can compute by hand, and from servers that are wrong. */
class RemoteScorerTest {
    private final Remotes remotes = new Remotes();

    private RemoteScorer open(FakeTeacher server) {
        RemoteSettings settings = Remotes.settings(server.baseUrl());
        return new RemoteScorer(
                new Completions(Endpoint.completions(settings, remotes.waits::add)));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "The cat, \" sat\", 7",
                // White space at the context's end is the continuation's.
                "\"The cat \", sat, 7",
                "\"The cat \t\n\", sat, 7",
                "\"Émma 🎈 went\", \" hôme\", 11"
            })
    void aScoreIsTheSumOverTheContinuationsTokens(
            String context, String continuation, int contextTokens) {
        for (Bigram.Fault kind : List.of(Bigram.Fault.NONE, Bigram.Fault.BEGINS_TEXTS)) {
            try (FakeTeacher server = Bigram.serve(kind);
                    RemoteScorer scorer = open(server)) {
                String moved = context.substring(context.stripTrailing().length()) + continuation;
                Loglikelihood likelihoods = scorer.loglikelihood(context, List.of(continuation));
                Score score = likelihoods.scores().getFirst();
                assertThat(score.sumLogprob())
                        .isCloseTo(Bigram.sumLogprob(context.stripTrailing(), moved), within(1e-9));
                assertThat(score.tokens()).hasSize(moved.codePointCount(0, moved.length()));
                assertThat(score.isGreedy()).isFalse();
                int before = kind == Bigram.Fault.NONE ? 0 : 1;
                assertThat(likelihoods.promptTokens()).isEqualTo(contextTokens + before);
            }
        }
    }

    @Test
    void theRequestAsksForTheTextAndItsLogprobs() {
        try (FakeTeacher server = Bigram.serve(Bigram.Fault.NONE);
                RemoteScorer scorer = open(server)) {
            scorer.score("The cat", " sat");
            FakeTeacher.Request request = server.requests().getFirst();
            assertThat(request.path()).isEqualTo("/v1/completions");
            JsonNode json = request.json();
            assertThat(json.path("prompt").asString()).isEqualTo("The cat sat");
            assertThat(json.path("echo").asBoolean()).isTrue();
            assertThat(json.path("logprobs").asInt()).isEqualTo(1);
            assertThat(json.path("max_tokens").asInt()).isEqualTo(1);
            assertThat(json.path("temperature").asDouble()).isZero();
        }
    }

    @Test
    void whatItWouldWriteIsGreedy() {
        try (FakeTeacher server = Bigram.serve(Bigram.Fault.NONE);
                RemoteScorer scorer = open(server)) {
            Answer answer = scorer.writing(4, List.of()).answer("The cat");
            assertThat(answer.text()).hasSize(4);
            assertThat(scorer.score("The cat", answer.text()).isGreedy()).isTrue();
            assertThat(answer.stages().getFirst().tokens().completion()).isEqualTo(4);
            String until = answer.text().substring(2, 3);
            assertThat(scorer.writing(4, List.of(until)).answer("The cat").text())
                    .isEqualTo(answer.text().substring(0, answer.text().indexOf(until)));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Bigram.Fault.class,
            names = {"NONE", "BEGINS_TEXTS"})
    void aGoodServerPassesTheProbe(Bigram.Fault good) {
        try (FakeTeacher server = Bigram.serve(good);
                RemoteScorer scorer = open(server)) {
            assertThatCode(scorer::probe).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "IGNORES_ECHO | does not echo the prompt, so it cannot score it",
                "SHIFTED_BY_ONE | cannot be trusted with scores: expected the log-probability -",
                "CHANCE_LEVEL | when it scores a text, found -4.564",
                "ALWAYS_THE_SAME | cannot be trusted with scores: expected less than -1.5000, the log-probability of its own text, for ' zq#x'",
                "OTHER_IS_BEST | which it wrote greedily, as the most probable token",
                "FEWER_LOGPROBS | token_logprobs for",
                "NULLS | no number; expected a log-probability",
                "POSITIVE | the log-probability 0.25; expected a log-probability, 0 or less",
                "NAN | no number; expected a log-probability",
                "NO_LOGPROBS | gives no tokens with their log-probabilities",
                "NO_OFFSETS | gives 0 text_offset for"
            })
    void aBadServerIsRefusedInOneLine(Bigram.Fault fault, String message) {
        try (FakeTeacher server = Bigram.serve(fault);
                RemoteScorer scorer = open(server)) {
            assertThatThrownBy(scorer::probe)
                    .isInstanceOf(CairnException.class)
                    .hasMessageStartingWith(server.baseUrl() + ": ")
                    .hasMessageContaining(message);
        }
    }

    @Test
    void offsetsInBytesAreNoticedWhereTheyMatter() {
        try (FakeTeacher server = Bigram.serve(Bigram.Fault.BYTE_OFFSETS);
                RemoteScorer scorer = open(server)) {
            assertThat(scorer.score("ab", "cd").sumLogprob())
                    .isCloseTo(Bigram.sumLogprob("ab", "cd"), within(1e-9));
            assertThatThrownBy(() -> scorer.score("Émma", " aaaa"))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining(
                            "reports no tokens that make up exactly the continuation: 'aaaa', at character 4");
        }
    }

    @Test
    void aServerWithoutCompletionsIsNamed() {
        try (FakeTeacher server = FakeTeacher.start(FakeTeacher.error(404, "Not Found"));
                RemoteScorer scorer = open(server)) {
            assertThatThrownBy(scorer::probe)
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("has no completions (404: 'Not Found')");
        }
        try (FakeTeacher server = FakeTeacher.start(FakeTeacher.html());
                RemoteScorer scorer = open(server)) {
            assertThatThrownBy(() -> scorer.score("a", "b"))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("HTML");
        }
    }
}
