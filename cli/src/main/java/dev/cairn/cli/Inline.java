package dev.cairn.cli;

import dev.cairn.tensor.Workers;
import dev.cairn.text.Answerer;
import dev.cairn.text.Judgement;
import dev.cairn.text.Score;
import dev.cairn.text.Scorer;
import java.util.List;

/**
 * Systems of this machine that use one core each time they are asked: one question per core, each
 * on its own thread, beats one question on all cores.
 */
final class Inline {
    private Inline() {}

    static Answerer of(Answerer answerer) {
        return (input, onText) -> Workers.inline(() -> answerer.answer(input, onText));
    }

    static Scorer of(Scorer scorer) {
        return new Scorer() {
            @Override
            public Score score(String context, String continuation) {
                return Workers.inline(() -> scorer.score(context, continuation));
            }

            @Override
            public List<Score> scores(String context, List<String> continuations) {
                return Workers.inline(() -> scorer.scores(context, continuations));
            }

            @Override
            public Judgement judge(String context, List<String> continuations) {
                return Workers.inline(() -> scorer.judge(context, continuations));
            }
        };
    }
}
