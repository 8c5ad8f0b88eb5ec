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
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes traces with SQL, over one connection. */
record TraceTable(Connection connection) {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private static final TypeReference<List<Map<String, @Nullable Object>>> STAGES =
            new TypeReference<>() {};

    /** The stage name in a rating of the whole completion. */
    private static final String WHOLE = "";

    /** Minimum length of a word for the trigram index. */
    private static final int TRIGRAM = 3;

    private static final String LIST =
            """
            SELECT id, created, model, substr(input, 1, %1$d), substr(answer, 1, %1$d), mark, millis
            FROM traces LEFT JOIN marks ON trace = number AND stage = ''
            """
                    .formatted(TracePage.MAX_EXCERPT);

    /** Finds words that are too short for the index by reading every text. */
    private static final String SHORT_WORD =
            """
            (input LIKE ?1 ESCAPE '!' OR answer LIKE ?1 ESCAPE '!' OR EXISTS (
              SELECT 1 FROM json_each(stages)
              WHERE value ->> 'prompt' LIKE ?1 ESCAPE '!' OR value ->> 'output' LIKE ?1 ESCAPE '!'))
            """;

    void insert(String id, TraceRecord trace) throws SQLException {
        String insert =
                "INSERT INTO traces (id, created, model, input, given, answer, millis, finish_reason, stages) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        update(
                insert,
                id,
                trace.started().toEpochMilli(),
                trace.model(),
                trace.input(),
                JSON.writeValueAsString(trace.set()),
                trace.answer(),
                trace.millis(),
                trace.finishReason().name().toLowerCase(Locale.ROOT),
                JSON.writeValueAsString(trace.stages().stream().map(TraceJson::stage).toList()));
        update(
                "INSERT INTO words (rowid, text) VALUES (last_insert_rowid(), ?)",
                searchableText(trace));
    }

    private static String searchableText(TraceRecord trace) {
        Stream<String> stages =
                trace.stages().stream().flatMap(t -> Stream.of(t.prompt(), t.output()));
        return Stream.concat(Stream.of(trace.input(), trace.answer()), stages)
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    long count() throws SQLException {
        return TraceDatabase.number(connection, "SELECT count(*) FROM traces");
    }

    /** Deletes traces whose id is less than this one, and returns how many. */
    int deleteBefore(String id) throws SQLException {
        return update("DELETE FROM traces WHERE id < ?", id);
    }

    /** Deletes the oldest traces, and returns how many. */
    int deleteOldest(long count) throws SQLException {
        return update(
                "DELETE FROM traces WHERE id IN (SELECT id FROM traces ORDER BY id LIMIT ?)",
                count);
    }

    int delete(String id) throws SQLException {
        return update("DELETE FROM traces WHERE id = ?", id);
    }

    /** Rewrites this many pages of the index without deleted entries. */
    void mergeWords(int pages) throws SQLException {
        update("INSERT INTO words (words, rank) VALUES ('merge', ?)", -pages);
    }

    /** Returns free pages to the file system, this many at most. */
    void shrink(int pages) throws SQLException {
        // As an update, because a query would free only one page.
        TraceDatabase.execute(connection, "PRAGMA incremental_vacuum(" + pages + ")");
    }

    /** Sets or removes a rating; false when there is no such trace with such a stage. */
    boolean rate(String id, @Nullable String stage, @Nullable Rating rating) throws SQLException {
        Optional<StoredTrace> trace = get(id);
        if (trace.isEmpty() || (stage != null && !trace.get().stageNames().contains(stage))) {
            return false;
        }
        String name = stage == null ? WHOLE : stage;
        if (rating == null) {
            update(
                    "DELETE FROM marks WHERE stage = ? AND trace = (SELECT number FROM traces WHERE id = ?)",
                    name,
                    id);
        } else {
            update(
                    "INSERT OR REPLACE INTO marks SELECT number, ?, ? FROM traces WHERE id = ?",
                    name,
                    rating.text(),
                    id);
        }
        return true;
    }

    TracePage list(TraceQuery query) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        condition(conditions, values, "model = ?", query.model());
        condition(
                conditions,
                values,
                "mark = ?",
                query.rating() == null ? null : query.rating().text());
        condition(conditions, values, "id < ?", query.before());
        for (String word : words(query)) {
            boolean isShort = word.codePointCount(0, word.length()) < TRIGRAM;
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
        // SQLite treats a zero character as the end of a text.
        return words == null
                ? List.of()
                : Stream.of(words.split("[\\s\\p{Z}\0]+")).filter(w -> !w.isEmpty()).toList();
    }

    /** Quotes a word so that the index's query language takes it literally. */
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
            Map<String, Rating> ratings = ratings(row.getLong(1));
            Rating rating = ratings.remove(WHOLE);
            return Optional.of(
                    new StoredTrace(
                            id,
                            Instant.ofEpochMilli(row.getLong(2)),
                            row.getString(3),
                            row.getString(4),
                            JSON.readValue(row.getString(5), TEXTS),
                            row.getString(6),
                            row.getDouble(7),
                            row.getString(8),
                            JSON.readValue(row.getString(9), STAGES),
                            rating,
                            ratings));
        }
    }

    private Map<String, Rating> ratings(long number) throws SQLException {
        Map<String, Rating> ratings = new HashMap<>();
        try (PreparedStatement statement =
                        prepared("SELECT stage, mark FROM marks WHERE trace = ?", number);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                ratings.put(row.getString(1), Rating.of(row.getString(2)));
            }
        }
        return ratings;
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
