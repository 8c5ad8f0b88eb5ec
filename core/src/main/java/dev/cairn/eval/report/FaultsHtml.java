package dev.cairn.eval.report;

import dev.cairn.eval.why.Fault;
import dev.cairn.eval.why.StageWhy;
import dev.cairn.eval.why.Why;

/** Wrong answers with the stage they come from, folded until asked for. */
final class FaultsHtml {
    private FaultsHtml() {}

    static void add(Html html, Why why, int perStage) {
        if (why.faults().isEmpty()) {
            return;
        }
        html.element("h3", "Faults in full");
        for (StageWhy stage : why.stages()) {
            why.faultsOf(stage, perStage).forEach(fault -> addFault(html, fault));
        }
    }

    private static void addFault(Html html, Fault fault) {
        html.open("details", "class", "example").open("summary");
        html.element("span", fault.stage(), "class", "wrong");
        html.text(" " + ExamplesHtml.lastLine(fault.item().input()));
        html.element("span", fault.item().kind(), "class", "tag").close();
        html.element("pre", fault.item().input(), "class", "input");
        html.open("dl", "class", "answers");
        add(html, "Gold answer", fault.item().answer());
        add(html, "Plain answer", fault.own());
        String after = fault.after();
        if (after == null) {
            add(html, fault.stage() + " wrote, after gold texts", fault.wrote());
        } else {
            add(html, fault.stage() + " wrote, after gold texts before it", fault.wrote());
            add(html, "which leads to the answer", fault.before());
            add(html, "Gold text of " + fault.stage(), fault.gold());
            add(html, "which leads to the answer", after);
        }
        html.close().close();
    }

    private static void add(Html html, String name, String value) {
        html.element("dt", name).element("dd", value);
    }
}
