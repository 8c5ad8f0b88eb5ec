package dev.cairn.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.eval.Fact;
import dev.cairn.eval.Fakes;
import dev.cairn.eval.LossCurve;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final String HOSTILE = "<script>alert(\"x\")</script>&'\u0000";

    @TempDir private Path directory;

    @Test
    void showsEveryNumberItWasGiven() {
        String html = evaluation("stack", "a sentence").toHtml();

        assertThat(html).contains("70.0%", "[39.7, 89.2]", "7 of 10", "n = 10");
        // Against the other system: 7 - 2 of 10, only right 5 and 0, p from StatisticsTest.
        assertThat(html).contains("+50.0", ">5<", ">0<", ">0.06");
        assertThat(html).contains("147,456", "System direct.");
        assertThat(html).contains("last training loss 0.5000 (step 1,200)");
        assertThat(html).contains("best validation loss 0.6250 (step 600)");
        assertThat(html)
                .contains("40 tokens read, 7 written, mean log-probability -0.500, 42.5 ms");
        assertThat(html).contains("A: input 0", "a fact", "answer 0", "no idea");
        assertThat(html).contains("cairn eval stack.yaml");
    }

    @Test
    void nothingThatIsSaidBecomesMarkup() throws Exception {
        String html = evaluation(HOSTILE, HOSTILE).toHtml();

        assertThat(html).doesNotContain("<script").doesNotContain("\u0000");
        assertThat(html).contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;");
        assertThat(parse(html).getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void needsNoOtherFile() throws Exception {
        String html = evaluation("stack", "a sentence").toHtml();

        // Parses as XML, so every element is closed where it should be.
        Document page = parse(html);
        assertThat(page.getElementsByTagName("link").getLength()).isZero();
        assertThat(page.getElementsByTagName("img").getLength()).isZero();
        assertThat(html).doesNotContain("http:", "https:", "url(", "@import");
        assertThat(page.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    }

    @Test
    void theStyleSheetSurvivesEscaping() {
        assertThat(new Html().text(ReportStyle.CSS).toString()).isEqualTo(ReportStyle.CSS);
    }

    @Test
    void examplesAreRightOnesAndWrongOnes() {
        assertThat(Example.pick(report("stack"), 2))
                .extracting(example -> example.result().correct())
                .containsExactly(true, true, false, false);
        assertThat(Example.pick(report("stack"), 1).getFirst().others())
                .containsExactly(new Fact("direct", "answer 0"));
    }

    @Test
    void aTrainingReportHoldsCurvesAndSettings() {
        String html =
                HtmlReport.ofTraining(
                                "Training",
                                "Four adapters.",
                                List.of(curve("focus")),
                                List.of(new Fact("seed", "17")))
                        .toHtml();
        assertThat(html).contains("<polyline class=\"train\"", "focus", "<dd>17</dd>");
    }

    @Test
    void aRunThatDivergedOrNeverMeasuredStillHasAPage() throws Exception {
        List<LossCurve> curves =
                List.of(
                        new LossCurve("empty", List.of()),
                        new LossCurve(
                                "diverged",
                                List.of(
                                        new LossCurve.Point(0, Double.NaN, Double.NaN),
                                        new LossCurve.Point(1, Double.POSITIVE_INFINITY, null))));

        String html = HtmlReport.ofTraining("Training", "", curves, List.of()).toHtml();

        assertThat(html).contains("no training loss measured");
        assertThat(html).doesNotContain("NaN").doesNotContain("Infinity");
        assertThat(parse(html).getElementsByTagName("figure").getLength()).isEqualTo(2);
    }

    @Test
    void writesWholeFilesOnly() throws IOException {
        Path file = directory.resolve("run/report.html");
        HtmlReport report = evaluation("stack", "a sentence");

        report.write(file);
        report.write(file);

        assertThat(file).hasContent(report.toHtml());
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void saysWhichFileCannotBeWritten() throws IOException {
        Path blocker = Files.writeString(directory.resolve("file"), "");
        Path file = blocker.resolve("report.html");
        assertThatThrownBy(() -> evaluation("stack", "").write(file))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(file.toString());
    }

    private static HtmlReport evaluation(String name, String text) {
        return HtmlReport.ofEvaluation(
                text,
                text,
                report(name),
                List.of(curve(name)),
                List.of(new Fact("Command", "cairn eval stack.yaml"), new Fact(text, text)));
    }

    private static EvalReport report(String focus) {
        return EvalReport.of(
                List.of(
                        Fakes.run(focus, Fakes.results("near", "1111110100")),
                        Fakes.run("direct", Fakes.results("near", "1001000000"))),
                focus);
    }

    private static LossCurve curve(String name) {
        return new LossCurve(
                name,
                List.of(
                        new LossCurve.Point(0, 3.0, null),
                        new LossCurve.Point(600, 1.0, 0.625),
                        new LossCurve.Point(1200, 0.5, 0.75)));
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html)));
    }
}
