package dev.cairn.eval;

import java.util.List;

/**
 * A system under comparison, as reports introduce it.
 *
 * @param name short and unique within a report
 * @param description one sentence
 * @param facts what makes a comparison fair or not: base, trained parameters, training questions
 *     ...
 */
public record SystemInfo(String name, String description, List<Fact> facts) {
    public SystemInfo {
        facts = List.copyOf(facts);
    }
}
