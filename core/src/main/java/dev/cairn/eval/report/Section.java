package dev.cairn.eval.report;

import dev.cairn.eval.Fact;
import dev.cairn.eval.LossCurve;
import dev.cairn.eval.compare.Comparison;
import dev.cairn.eval.why.Why;
import java.util.List;

/** A part of a report page, in the order the page shows it. */
public sealed interface Section {
    /** The compared systems, with descriptions and facts. */
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

    /** Systems side by side: scores, paired differences, costs. */
    record Compared(Comparison comparison) implements Section {}

    /** Names and values: settings, command lines, date, machine. */
    record Facts(String heading, List<Fact> facts) implements Section {
        public Facts {
            facts = List.copyOf(facts);
        }
    }
}
