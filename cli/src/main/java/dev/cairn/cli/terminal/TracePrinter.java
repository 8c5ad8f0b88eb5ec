package dev.cairn.cli.terminal;

import dev.cairn.text.FinishReason;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** Prints each stage's prompt and output while it is generated. */
public final class TracePrinter implements StageListener {
    private static final String MARGIN = "  | ";

    private final PrintStream out;

    public TracePrinter(PrintStream out) {
        this.out = out;
    }

    @Override
    public void started(String stage, String prompt) {
        out.printf("%s, asked:%n%s%n%s, says:%n%s", stage, indented(prompt), stage, MARGIN);
    }

    @Override
    public void wrote(String stage, String text, List<TokenProbability> tokens) {
        out.print(text.replace("\n", "\n" + MARGIN));
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
                trace.tokens().prompt(),
                trace.tokens().truncated() == 0
                        ? ""
                        : " (the first "
                                + trace.tokens().truncated()
                                + " did not fit and were left out)",
                trace.tokens().completion(),
                trace.finishReason() == FinishReason.LENGTH ? " (the limit)" : "",
                trace.meanLogprob(),
                trace.timing().prefillMillis() + trace.timing().decodeMillis());
    }

    private static String indented(String text) {
        return MARGIN + text.replace("\n", "\n" + MARGIN);
    }
}
