package dev.cairn.recipe.evaluation;

import dev.cairn.CairnException;
import dev.cairn.eval.Accuracy;
import dev.cairn.eval.PairedComparison;
import dev.cairn.eval.SystemRun;
import dev.cairn.eval.report.EvalReport;
import dev.cairn.eval.report.HtmlReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The results of stacks on question sets. */
public final class QuestionResults {
    private final EvalReport report;
    private final HtmlReport page;
    private final @Nullable TaskResults samples;

    /**
     * @param page the HTML report, with loss curves and examples
     * @param samples the saved answers; null if none were saved
     */
    QuestionResults(EvalReport report, HtmlReport page, @Nullable TaskResults samples) {
        this.report = report;
        this.page = page;
        this.samples = samples;
    }

    /** Every stack with its answers, set by set, in the configured order. */
    public List<SystemRun> systems() {
        return report.systems();
    }

    /** The comparisons of the first stack with every other, set by set. */
    public List<PairedComparison> comparisons() {
        return report.comparisons();
    }

    /**
     * The share of correct answers of a stack on a set, with its confidence interval.
     *
     * @throws CairnException if there is no such stack or no such set
     */
    public Accuracy accuracy(String stack, String set) {
        return report.systems().stream()
                .filter(run -> run.system().name().equals(stack))
                .flatMap(run -> run.sets().stream())
                .filter(result -> result.set().equals(set))
                .findFirst()
                .orElseThrow(() ->
                        new CairnException(
                                "stack %s was not asked questions of a set %s"
                                        .formatted(stack, set)))
                .accuracy();
    }

    /** Tables for the terminal. */
    public String toText() {
        return report.toText();
    }

    /** One JSON object. */
    public String toJson() {
        return report.toJson();
    }

    /** A self-contained HTML page. */
    public String toHtml() {
        return page.toHtml();
    }

    /**
     * Checks that the saved answers cover all questions.
     *
     * @return these results
     * @throws CairnException if the stack failed at a question
     */
    public QuestionResults requireComplete() {
        if (samples != null) {
            samples.requireComplete();
        }
        return this;
    }
}
