package dev.cairn.cli;

import dev.cairn.stack.Stack;
import dev.cairn.stack.StageConfig;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.io.PrintStream;
import java.util.Locale;

/** Prints what each stage was asked and writes, while it writes. */
final class TracePrinter implements Stack.Observer {
    private static final String MARGIN = "  | ";

    private final PrintStream out;

    TracePrinter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started(StageConfig stage, String prompt) {
        out.printf(
                "%s, asked:%n%s%n%s, says:%n%s",
                stage.name(), indented(prompt), stage.name(), MARGIN);
    }

    @Override
    public void wrote(StageConfig stage, String piece) {
        out.print(piece.replace("\n", "\n" + MARGIN));
        out.flush();
    }

    @Override
    public void finished(StageTrace trace) {
        if (trace.finishReason() == FinishReason.EDITED) {
            out.printf("%s, set by hand:%n%s%n%n", trace.stage(), indented(trace.output()));
            return;
        }
        out.printf(
                Locale.ROOT,
                "%n  %d tokens read%s, %d written%s, mean log-probability %.4f, %.0f ms%n%n",
                trace.promptTokens(),
                trace.truncatedTokens() == 0
                        ? ""
                        : " (the first "
                                + trace.truncatedTokens()
                                + " did not fit and were left out)",
                trace.completionTokens(),
                trace.finishReason() == FinishReason.LENGTH ? " (the limit)" : "",
                trace.meanLogprob(),
                trace.prefillMillis() + trace.decodeMillis());
    }

    private static String indented(String text) {
        return MARGIN + text.replace("\n", "\n" + MARGIN);
    }
}
