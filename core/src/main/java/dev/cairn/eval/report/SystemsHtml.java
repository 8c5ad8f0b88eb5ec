package dev.cairn.eval.report;

import dev.cairn.eval.Fact;
import dev.cairn.eval.SystemInfo;
import dev.cairn.eval.SystemRun;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The table of systems: one row per system, one column per fact that any of them has. */
final class SystemsHtml {
    private SystemsHtml() {}

    static void add(Html html, EvalReport report) {
        Set<String> columns = new LinkedHashSet<>();
        for (SystemRun run : report.systems()) {
            run.system().facts().forEach(fact -> columns.add(fact.name()));
        }
        html.open("section").element("h2", "What was compared");
        HtmlTable.open(html, "System", List.copyOf(columns));
        for (SystemRun run : report.systems()) {
            addRow(html, run.system(), List.copyOf(columns), report.focus());
        }
        HtmlTable.close(html);
        html.close();
    }

    private static void addRow(Html html, SystemInfo system, List<String> columns, String focus) {
        html.open("tr", "class", system.name().equals(focus) ? "focus" : "");
        html.open("th", "scope", "row").text(system.name());
        html.element("span", system.description(), "class", "about").close();
        for (String column : columns) {
            String value =
                    system.facts().stream()
                            .filter(fact -> fact.name().equals(column))
                            .map(Fact::value)
                            .findFirst()
                            .orElse("\u2013");
            HtmlTable.number(html, value);
        }
        html.close();
    }
}
