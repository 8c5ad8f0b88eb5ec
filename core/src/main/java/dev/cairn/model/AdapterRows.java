package dev.cairn.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of a batch that one adapter applies to.
 *
 * @param rows row numbers in ascending order; never modified
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a value
record AdapterRows(LoraAdapter adapter, int[] rows) {
    /** Groups rows by adapter; rows that use only the base are in no group. */
    static List<AdapterRows> of(List<Optional<LoraAdapter>> ofRows) {
        Map<LoraAdapter, List<Integer>> rows = new LinkedHashMap<>();
        for (int row = 0; row < ofRows.size(); row++) {
            int at = row;
            ofRows.get(row).ifPresent(a -> rows.computeIfAbsent(a, x -> new ArrayList<>()).add(at));
        }
        return rows.entrySet().stream()
                .map(e -> new AdapterRows(e.getKey(), toArray(e.getValue())))
                .toList();
    }

    private static int[] toArray(List<Integer> rows) {
        return rows.stream().mapToInt(row -> row).toArray();
    }
}
