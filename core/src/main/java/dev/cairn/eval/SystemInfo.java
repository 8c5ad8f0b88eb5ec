package dev.cairn.eval;

import java.util.List;

/**
 * The description of a system in reports.
 *
 * @param name short and unique within a report
 * @param description one sentence
 * @param facts facts needed to judge whether a comparison is fair: base, trained parameters,
 *     training questions ...
 */
public record SystemInfo(String name, String description, List<Fact> facts) {
    public SystemInfo {
        facts = List.copyOf(facts);
    }
}
