package dev.cairn.eval.report;

import dev.cairn.eval.Fact;
import dev.cairn.eval.LossCurve;
import dev.cairn.eval.compare.Comparison;
import dev.cairn.support.AtomicFiles;
import java.nio.file.Path;
import java.util.List;

/**
 * A report as one self-contained HTML page: no scripts, no other files, inline charts. It adapts to
 * light and dark mode, narrow screens and print.
 *
 * @param title heading of the page
 * @param lead one or two sentences under it
 */
public record HtmlReport(String title, String lead, List<Section> sections) {
    private static final int EXAMPLES_PER_OUTCOME = 3;

    public HtmlReport {
        sections = List.copyOf(sections);
    }

    /**
     * The report of an evaluation.
     *
     * @param curves of the adapters compared; may be empty
     * @param howMade command lines, settings, date, machine
     */
    public static HtmlReport ofEvaluation(
            String title,
            String lead,
            EvalReport report,
            List<LossCurve> curves,
            List<Fact> howMade) {
        return new HtmlReport(
                title,
                lead,
                List.of(
                        new Section.Systems(report),
                        new Section.Results(report),
                        new Section.Whys(report.whys()),
                        new Section.Curves(curves),
                        new Section.Examples(Example.pick(report, EXAMPLES_PER_OUTCOME)),
                        new Section.Facts("How this was made", howMade)));
    }

    /**
     * The report of a comparison.
     *
     * @param howMade command lines, settings, date, machine
     */
    public static HtmlReport ofComparison(
            String title, String lead, Comparison comparison, List<Fact> howMade) {
        return new HtmlReport(
                title,
                lead,
                List.of(
                        new Section.Compared(comparison),
                        new Section.Facts("How this was made", howMade)));
    }

    /** The report of a training run: loss curves and settings. */
    public static HtmlReport ofTraining(
            String title, String lead, List<LossCurve> curves, List<Fact> howMade) {
        return new HtmlReport(
                title,
                lead,
                List.of(
                        new Section.Curves(curves),
                        new Section.Facts("How this was made", howMade)));
    }

    /** The whole page. */
    public String toHtml() {
        Html html = new Html();
        html.open("html", "lang", "en").open("head");
        html.shape("meta", "charset", "utf-8");
        html.shape("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.element("title", title).element("style", ReportStyle.CSS).close();
        html.open("body").open("main").element("h1", title).element("p", lead, "class", "lead");
        sections.forEach(section -> add(html, section));
        html.close().close().close();
        return "<!DOCTYPE html>\n" + html + "\n";
    }

    /**
     * Writes the page atomically: to a temporary file beside it, which is then renamed.
     *
     * @throws dev.cairn.CairnException if it cannot be written
     */
    public void write(Path file) {
        AtomicFiles.writeString(file, toHtml());
    }

    private static void add(Html html, Section section) {
        switch (section) {
            case Section.Systems s -> SystemsHtml.add(html, s.report());
            case Section.Results s -> ResultsHtml.add(html, s.report());
            case Section.Whys s -> s.whys().forEach(why -> WhyHtml.add(html, why));
            case Section.Curves s -> CurvesHtml.add(html, s.curves());
            case Section.Examples s -> ExamplesHtml.add(html, s.examples());
            case Section.Compared s -> CompareHtml.add(html, s.comparison());
            case Section.Facts s -> FactsHtml.add(html, s.heading(), s.facts());
        }
    }
}
