package dev.cairn.cli.terminal;

import dev.cairn.text.Answer;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Prints an answer while it is generated. */
public final class AnswerPrinter implements StageListener {
    private final PrintStream out;
    private final String last;

    /**
     * @param last name of the stage that writes the answer
     */
    public AnswerPrinter(PrintStream out, String last) {
        this.out = out;
        this.last = last;
    }

    @Override
    public void wrote(String stage, String text, List<TokenProbability> tokens) {
        if (stage.equals(last)) {
            out.print(text);
            out.flush();
        }
    }

    /** Ends the line; an answer that a person gave is printed now. */
    public void end(Answer answer) {
        StageTrace trace = answer.stages().getLast();
        out.println(trace.finishReason() == FinishReason.EDITED ? answer.text() : "");
    }

    /**
     * What a reader should know: what of the prompts did not fit, and whether the answer is cut.
     */
    public static List<String> notes(Answer answer) {
        List<String> notes = new ArrayList<>();
        for (StageTrace trace : answer.stages()) {
            if (trace.tokens().truncated() > 0) {
                notes.add(
                        "(%s: the first %d tokens of the prompt did not fit and were left out)"
                                .formatted(trace.stage(), trace.tokens().truncated()));
            }
        }
        StageTrace last = answer.stages().getLast();
        if (last.finishReason() == FinishReason.LENGTH) {
            notes.add(
                    "(cut after %d tokens, the limit; --max-tokens sets it)"
                            .formatted(last.tokens().completion()));
        }
        return notes;
    }
}
