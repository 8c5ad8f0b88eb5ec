package dev.cairn.stack;

import dev.cairn.generate.SampledToken;
import dev.cairn.text.Answer;
import dev.cairn.text.StageTrace;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionWatcher;
import dev.cairn.text.completion.TokenProbability;
import java.util.ArrayList;
import java.util.List;

/** Tells a watcher what the stages of one answer do, and keeps the answer's tokens. */
final class Relay implements Stack.Observer {
    private final CompletionWatcher watcher;
    private final TokenTexts texts;
    private final String answering;
    private final int top;

    /** Chosen, but not told yet: what becomes certain with it is told together with it. */
    private final List<TokenProbability> pending = new ArrayList<>();

    private final List<TokenProbability> tokens = new ArrayList<>();

    /**
     * @param answering name of the stage that writes the answer
     * @param top how many of the most probable tokens to tell beside each of the answer's
     */
    Relay(CompletionWatcher watcher, TokenTexts texts, String answering, int top) {
        this.watcher = watcher;
        this.texts = texts;
        this.answering = answering;
        this.top = top;
    }

    @Override
    public void started(StageConfig stage, String prompt) {
        watcher.started(stage.name(), prompt);
    }

    @Override
    public void chose(StageConfig stage, SampledToken token) {
        tell(stage.name(), "");
        boolean isAnswer = stage.name().equals(answering);
        TokenProbability said = texts.of(token, isAnswer ? top : 0);
        pending.add(said);
        if (isAnswer) {
            tokens.add(said);
        }
    }

    @Override
    public void wrote(StageConfig stage, String piece) {
        tell(stage.name(), piece);
    }

    private void tell(String stage, String piece) {
        if (!piece.isEmpty() || !pending.isEmpty()) {
            watcher.wrote(stage, piece, List.copyOf(pending));
            pending.clear();
        }
    }

    @Override
    public void check() {
        watcher.check();
    }

    @Override
    public void finished(StageTrace trace) {
        tell(trace.stage(), "");
        watcher.finished(trace);
    }

    /** An answer whose stages were all told. */
    Completion completion(Answer answer) {
        List<StageTrace> stages = answer.stages();
        return new Completion(
                answer.text(),
                stages.getLast().finishReason(),
                stages.stream().mapToInt(StageTrace::promptTokens).sum(),
                stages.stream().mapToInt(StageTrace::completionTokens).sum(),
                List.of(),
                tokens,
                stages);
    }
}
