package dev.cairn.support;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;

/** JSON from another machine: every level of nesting costs stack, so their number is bounded. */
public final class BoundedJson {
    private BoundedJson() {}

    /** The beginnings of a parser that refuses JSON with more levels. */
    public static JsonFactoryBuilder factory(int maxDepth) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(maxDepth).build());
    }
}
