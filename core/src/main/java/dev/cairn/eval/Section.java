package dev.cairn.eval;

import java.util.List;
import java.util.function.Consumer;

/** A part of a report page, in the order the page shows it. */
public sealed interface Section {
    /** What was compared: every system with its description and facts. */
    record Systems(EvalReport report) implements Section {}

    /** Exact match: a chart, the table, the table per kind, the paired comparisons. */
    record Results(EvalReport report) implements Section {}

    /** Which stages the errors come from and which texts the answers depend on. */
    record Whys(List<Why> whys) implements Section {
        public Whys {
            whys = List.copyOf(whys);
        }
    }

    /** Loss curves side by side. */
    record Curves(List<LossCurve> curves) implements Section {
        public Curves {
            curves = List.copyOf(curves);
        }
    }

    /** Questions with everything the stages read and wrote. */
    record Examples(List<Example> examples) implements Section {
        public Examples {
            examples = List.copyOf(examples);
        }
    }

    /** What another room of reports writes itself. */
    record Written(Consumer<Html> content) implements Section {}

    /** Names and values: settings, command lines, date, machine. */
    record Facts(String heading, List<Fact> facts) implements Section {
        public Facts {
            facts = List.copyOf(facts);
        }
    }
}
