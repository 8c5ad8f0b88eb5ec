package dev.cairn.records;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;

/**
 * Reads comma-separated values (RFC 4180). A value in double quotes may hold commas, doubled double
 * quotes, and line breaks, which are kept as they are. The first row names the fields; every other
 * row has the same number of values.
 */
public final class CsvRecords {
    /** Reads each row as an array of strings. */
    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvReadFeature.WRAP_AS_ARRAY).build();

    private CsvRecords() {}

    /**
     * Reads a file.
     *
     * @throws CairnException if the file is not valid CSV; names the file and the line where the
     *     bad row begins
     */
    public static List<DataRecord> read(TextFile file) {
        List<DataRecord> records = new ArrayList<>();
        int line = 1;
        try (JsonParser parser = CSV.createParser(file.reader())) {
            parser.nextToken(); // the array of all rows
            List<String> names =
                    parser.nextToken() == JsonToken.START_ARRAY ? row(parser) : List.of();
            while (parser.nextToken() == JsonToken.START_ARRAY) {
                line = parser.currentLocation().getLineNr();
                ObjectNode fields = fields(names, row(parser), file, line);
                records.add(new DataRecord(file.path(), line, records.size() + 1, fields));
            }
        } catch (JacksonException e) {
            throw new CairnException(
                    "%s:%d: not valid CSV: %s".formatted(file.path(), line, e.getOriginalMessage()),
                    e);
        }
        return records;
    }

    private static List<String> row(JsonParser parser) {
        List<String> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(parser.getString());
        }
        return values;
    }

    private static ObjectNode fields(
            List<String> names, List<String> values, TextFile file, int line) {
        if (values.size() != names.size()) {
            throw new CairnException(
                    "%s:%d: expected %d values (%s), found %d"
                            .formatted(
                                    file.path(),
                                    line,
                                    names.size(),
                                    String.join(", ", names),
                                    values.size()));
        }
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < names.size(); i++) {
            fields.put(names.get(i), values.get(i));
        }
        return fields;
    }
}
