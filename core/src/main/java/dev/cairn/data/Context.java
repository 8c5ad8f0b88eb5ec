package dev.cairn.data;

import dev.cairn.records.DataRecord;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What data sets write beside the question of a record: a system message and earlier turns. Both
 * stand before the record's own turns. Tools are refused, because Cairn does not learn to call
 * them, and a model that never sees them would learn to answer without them.
 */
final class Context {
    /** The names of the system message: axolotl's and LLaMA-Factory's, and that of many files. */
    private static final List<String> SYSTEM = List.of("system", "system_prompt");

    private static final List<String> TOOLS = List.of("tools", "functions");

    private Context() {}

    /**
     * The turns of a record after what stands beside them.
     *
     * @throws dev.cairn.CairnException naming file, line and field if that cannot be put before the
     *     turns
     */
    static List<Turn> before(DataRecord record, List<Turn> turns) {
        refuse(record, TOOLS, "Cairn learns texts, not calls of tools; leave the record out");
        String system = system(record);
        List<Turn> earlier = history(record);
        boolean beginsWithSystem = !turns.isEmpty() && turns.getFirst().isBy(Turn.SYSTEM);
        var all = new ArrayList<Turn>();
        if (beginsWithSystem) {
            all.add(turns.getFirst());
            if (!system.isEmpty() && !turns.getFirst().message().content().equals(system)) {
                throw record.error(
                        "field 'system': the turns begin with another system message; keep one of the two");
            }
        } else if (!system.isEmpty()) {
            all.add(Turn.of(Turn.SYSTEM, system));
        }
        all.addAll(earlier);
        all.addAll(turns.subList(beginsWithSystem ? 1 : 0, turns.size()));
        return all;
    }

    /** Refuses what only a whole record may have. */
    static void refuse(DataRecord part) {
        refuse(part, SYSTEM, "expected in the record, beside its instruction");
        refuse(part, List.of("history"), "expected in the record, beside its instruction");
        refuse(part, TOOLS, "Cairn learns texts, not calls of tools; leave the record out");
    }

    private static void refuse(DataRecord record, List<String> names, String why) {
        for (String name : names) {
            if (!isNothing(record.fields().path(name))) {
                throw record.error("field '%s': %s".formatted(name, why));
            }
        }
    }

    /** Whether a value says that there is nothing. */
    static boolean isNothing(JsonNode value) {
        return value.isMissingNode()
                || value.isNull()
                || (value.isContainer() && value.isEmpty())
                || (value.isString() && isNothing(value.stringValue()));
    }

    /** An empty list may be stored as the text of its JSON. */
    private static boolean isNothing(String text) {
        return text.isBlank() || text.strip().equals("[]");
    }

    private static String system(DataRecord record) {
        String found = "";
        for (String name : SYSTEM) {
            String text = record.textOrNothing(name);
            if (text.isBlank() || text.equals(found)) {
                continue;
            }
            if (!found.isEmpty()) {
                throw record.error(
                        "field '%s': there is another text in field '%s'; keep one of the two"
                                .formatted(name, SYSTEM.getFirst()));
            }
            found = text;
        }
        return found;
    }

    private static List<Turn> history(DataRecord record) {
        JsonNode history = record.fields().path("history");
        if (isNothing(history)) {
            return List.of();
        }
        if (history.isArray() && history.get(0).isObject()) {
            return Turn.all(record, "history", Turn.Form.MESSAGES);
        }
        if (!history.isArray()) {
            throw record.error(
                    "field 'history': expected a list of pairs of a question and its answer, found "
                            + history.getNodeType());
        }
        var turns = new ArrayList<Turn>();
        for (JsonNode pair : history) {
            String at = "history[" + turns.size() / 2 + "]";
            if (!pair.isArray() || pair.size() != 2) {
                throw record.error(
                        "field '%s': expected a pair of a question and its answer".formatted(at));
            }
            turns.add(Turn.of(Turn.USER, record.string(pair.get(0), at + "[0]")));
            turns.add(Turn.of(Turn.ASSISTANT, record.string(pair.get(1), at + "[1]")));
        }
        return turns;
    }
}
