package dev.cairn.eval.report;

import dev.cairn.eval.Fact;
import java.util.List;

/** A list of names and values. */
final class FactsHtml {
    private FactsHtml() {}

    static void add(Html html, String heading, List<Fact> facts) {
        if (facts.isEmpty()) {
            return;
        }
        html.open("section").element("h2", heading).open("dl");
        for (Fact fact : facts) {
            html.element("dt", fact.name()).element("dd", fact.value());
        }
        html.close().close();
    }
}
