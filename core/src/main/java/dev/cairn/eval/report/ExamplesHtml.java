package dev.cairn.eval.report;

import dev.cairn.eval.Fact;
import dev.cairn.eval.ItemResult;
import dev.cairn.text.StageTrace;
import java.util.List;
import java.util.Locale;

/** Questions with everything the stages read and wrote, folded until asked for. */
final class ExamplesHtml {
    private ExamplesHtml() {}

    static void add(Html html, List<Example> examples) {
        if (examples.isEmpty()) {
            return;
        }
        html.open("section").element("h2", "What the stages said");
        String set = "";
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            if (!example.set().equals(set)) {
                set = example.set();
                html.element("h3", set);
            }
            addExample(html, example, i == 0);
        }
        html.close();
    }

    private static void addExample(Html html, Example example, boolean open) {
        if (open) {
            html.open("details", "class", "example", "open", "open");
        } else {
            html.open("details", "class", "example");
        }
        ItemResult result = example.result();
        html.open("summary");
        html.element("span", verdict(result), "class", result.correct() ? "right" : "wrong");
        html.text(" " + lastLine(result.item().input()));
        html.element("span", result.item().kind(), "class", "tag").close();
        html.element("pre", result.item().input(), "class", "input");
        addAnswers(html, example);
        for (int i = 0; i < result.stages().size(); i++) {
            addStage(html, i + 1, result.stages().get(i));
        }
        html.close();
    }

    private static String verdict(ItemResult result) {
        if (result.failed()) {
            return "failed";
        }
        return result.correct() ? "right" : "wrong";
    }

    /** The question itself: stories come first, the question last. */
    static String lastLine(String input) {
        List<String> lines = input.strip().lines().toList();
        return lines.isEmpty() ? "" : lines.getLast();
    }

    private static void addAnswers(Html html, Example example) {
        ItemResult result = example.result();
        String error = result.error();
        html.open("dl", "class", "answers");
        html.element("dt", "Gold answer").element("dd", result.item().answer());
        html.element("dt", example.system());
        html.element("dd", error == null ? result.answer() : "failed: " + error);
        for (Fact other : example.others()) {
            html.element("dt", other.name()).element("dd", other.value());
        }
        html.close();
    }

    private static void addStage(Html html, int number, StageTrace stage) {
        html.open("div", "class", "stage");
        html.open("h4").text("%d \u00b7 %s ".formatted(number, stage.stage()));
        html.element("span", numbers(stage), "class", "interval").close();
        html.open("details").element("summary", "prompt").element("pre", stage.prompt()).close();
        html.element("pre", stage.output(), "class", "output").close();
    }

    private static String numbers(StageTrace stage) {
        String cut =
                stage.tokens().truncated() == 0
                        ? ""
                        : " (%d more cut off)".formatted(stage.tokens().truncated());
        return String.format(
                Locale.ROOT,
                "%d tokens read%s, %d written, mean log-probability %.3f, %.1f ms, finish reason %s",
                stage.tokens().prompt(),
                cut,
                stage.tokens().completion(),
                stage.meanLogprob(),
                stage.timing().prefillMillis() + stage.timing().decodeMillis(),
                stage.finishReason().name().toLowerCase(Locale.ROOT));
    }
}
