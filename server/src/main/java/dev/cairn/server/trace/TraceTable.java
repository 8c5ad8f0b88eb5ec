package dev.cairn.server.trace;

import dev.cairn.text.TraceJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Traces as rows: everything that is said in SQL, over one connection. */
record TraceTable(Connection connection) {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    /** The stage that marks of the answer have. */
    private static final String ANSWER = "";

    /** An index of triples cannot find what has fewer characters. */
    private static final int TRIPLE = 3;

    private static final String LIST =
            """
            SELECT id, created, model, substr(input, 1, %1$d), substr(answer, 1, %1$d), mark, millis
            FROM traces LEFT JOIN marks ON trace = number AND stage = ''
            """
                    .formatted(TracePage.EXCERPT);

    /** Words too short for the index are looked for in every text. */
    private static final String SHORT_WORD =
            """
            (input LIKE ?1 ESCAPE '!' OR answer LIKE ?1 ESCAPE '!' OR EXISTS (
              SELECT 1 FROM json_each(stages)
              WHERE value ->> 'prompt' LIKE ?1 ESCAPE '!' OR value ->> 'output' LIKE ?1 ESCAPE '!'))
            """;

    void insert(String id, TraceRecord recorded) throws SQLException {
        String insert =
                "INSERT INTO traces (id, created, model, input, given, answer, millis, finish_reason, stages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        update(
                insert,
                id,
                recorded.started().toEpochMilli(),
                recorded.model(),
                recorded.input(),
                JSON.writeValueAsString(recorded.set()),
                recorded.answer(),
                recorded.millis(),
                recorded.finishReason().name().toLowerCase(Locale.ROOT),
                JSON.writeValueAsString(recorded.stages().stream().map(TraceJson::stage).toList()));
        update(
                "INSERT INTO words (rowid, text) VALUES (last_insert_rowid(), ?)",
                searched(recorded));
    }

    private static String searched(TraceRecord recorded) {
        Stream<String> stages =
                recorded.stages().stream().flatMap(t -> Stream.of(t.prompt(), t.output()));
        return Stream.concat(Stream.of(recorded.input(), recorded.answer()), stages)
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    long count() throws SQLException {
        return TraceDatabase.number(connection, "SELECT count(*) FROM traces");
    }

    /** Deletes what is older than an id, or the oldest; says how many. */
    int deleteBefore(String id) throws SQLException {
        return update("DELETE FROM traces WHERE id < ?", id);
    }

    int deleteOldest(long count) throws SQLException {
        return update(
                "DELETE FROM traces WHERE id IN (SELECT id FROM traces ORDER BY id LIMIT ?)",
                count);
    }

    int delete(String id) throws SQLException {
        return update("DELETE FROM traces WHERE id = ?", id);
    }

    /** Writes that many pages of the index of words anew, without what was deleted. */
    void mergeWords(int pages) throws SQLException {
        update("INSERT INTO words (words, rank) VALUES ('merge', ?)", -pages);
    }

    /** Gives pages that deleting left free back, so many at most. */
    void shrink(int pages) throws SQLException {
        // As an update: a query would take one step, which is one page.
        TraceDatabase.execute(connection, "PRAGMA incremental_vacuum(" + pages + ")");
    }

    /** Whether there is such a trace with such a stage. */
    boolean mark(String id, @Nullable String stage, @Nullable Rating mark) throws SQLException {
        Optional<StoredTrace> trace = get(id);
        if (trace.isEmpty() || (stage != null && !hasStage(trace.get(), stage))) {
            return false;
        }
        String name = stage == null ? ANSWER : stage;
        if (mark == null) {
            update(
                    "DELETE FROM marks WHERE stage = ? AND trace = (SELECT number FROM traces WHERE id = ?)",
                    name,
                    id);
        } else {
            update(
                    "INSERT OR REPLACE INTO marks SELECT number, ?, ? FROM traces WHERE id = ?",
                    name,
                    mark.text(),
                    id);
        }
        return true;
    }

    private static boolean hasStage(StoredTrace trace, String stage) {
        return trace.stages()
                .valueStream()
                .anyMatch(s -> s.path("stage").asString("").equals(stage));
    }

    TracePage list(TraceQuery query) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        condition(conditions, values, "model = ?", query.model());
        condition(
                conditions, values, "mark = ?", query.mark() == null ? null : query.mark().text());
        condition(conditions, values, "id < ?", query.before());
        for (String word : words(query)) {
            boolean isShort = word.codePointCount(0, word.length()) < TRIPLE;
            condition(
                    conditions,
                    values,
                    isShort
                            ? SHORT_WORD.replace("?1", "?" + (values.size() + 1))
                            : "number IN (SELECT rowid FROM words WHERE words MATCH ?)",
                    isShort ? pattern(word) : quoted(word));
        }
        values.add(query.limit() + 1);
        String where = conditions.isEmpty() ? "" : "WHERE " + String.join(" AND ", conditions);
        List<TracePage.Entry> found = entries(LIST + where + " ORDER BY id DESC LIMIT ?", values);
        boolean more = found.size() > query.limit();
        return new TracePage(more ? found.subList(0, query.limit()) : found, more);
    }

    private static void condition(
            List<String> conditions, List<Object> values, String sql, @Nullable Object value) {
        if (value != null) {
            conditions.add(sql);
            values.add(value);
        }
    }

    private static List<String> words(TraceQuery query) {
        String words = query.words();
        // No text of a trace is looked up beyond a zero character, which ends a text in C.
        return words == null
                ? List.of()
                : Stream.of(words.split("[\\s\\p{Z}\0]+")).filter(w -> !w.isEmpty()).toList();
    }

    /** A text of the index's query language that means just these characters. */
    private static String quoted(String word) {
        return '"' + word.replace("\"", "\"\"") + '"';
    }

    private static String pattern(String word) {
        return '%' + word.replaceAll("[!%_]", "!$0") + '%';
    }

    private List<TracePage.Entry> entries(String select, List<Object> values) throws SQLException {
        List<TracePage.Entry> entries = new ArrayList<>();
        try (PreparedStatement statement = prepared(select, values.toArray());
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                String mark = row.getString(6);
                entries.add(
                        new TracePage.Entry(
                                row.getString(1),
                                Instant.ofEpochMilli(row.getLong(2)),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                mark == null ? null : Rating.of(mark),
                                row.getDouble(7)));
            }
        }
        return entries;
    }

    Optional<StoredTrace> get(String id) throws SQLException {
        String select =
                "SELECT number, created, model, input, given, answer, millis, finish_reason, stages FROM traces WHERE id = ?";
        try (PreparedStatement statement = prepared(select, id);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            Map<String, Rating> marks = marks(row.getLong(1));
            Rating mark = marks.remove(ANSWER);
            return Optional.of(
                    new StoredTrace(
                            id,
                            Instant.ofEpochMilli(row.getLong(2)),
                            row.getString(3),
                            row.getString(4),
                            JSON.readTree(row.getString(5)),
                            row.getString(6),
                            row.getDouble(7),
                            row.getString(8),
                            JSON.readTree(row.getString(9)),
                            mark,
                            marks));
        }
    }

    private Map<String, Rating> marks(long number) throws SQLException {
        Map<String, Rating> marks = new HashMap<>();
        try (PreparedStatement statement =
                        prepared("SELECT stage, mark FROM marks WHERE trace = ?", number);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                marks.put(row.getString(1), Rating.of(row.getString(2)));
            }
        }
        return marks;
    }

    private int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
