package dev.cairn.eval.task;

import dev.cairn.AtomicFiles;
import dev.cairn.CairnException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** Reads the records of a data file. */
final class RecordFile {
    /** Far more than any benchmark has, and little enough for memory. */
    private static final int MOST_BYTES = 1 << 29;

    private RecordFile() {}

    /**
     * All records of a file.
     *
     * @param fields names of the lines of a record; only for {@link FileFormat#LINES}
     * @throws CairnException naming the file and the line of what is no record
     */
    static List<TaskRecord> read(Path file, FileFormat format, List<String> fields) {
        String text = text(file);
        List<TaskRecord> records =
                switch (format) {
                    case JSON -> new JsonRecords(file, text).read();
                    case CSV -> new CsvRecords(file, text).read();
                    case LINES -> LineRecords.read(file, text, fields);
                    case BABI -> new BabiRecords(file).read(text);
                };
        if (records.isEmpty()) {
            throw new CairnException(file + ": expected at least one record, found none");
        }
        return records;
    }

    private static String text(Path file) {
        try (InputStream in = open(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new CairnException(
                        "%s: expected at most %d bytes, found more; divide it into several files"
                                .formatted(file, MOST_BYTES));
            }
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new CairnException(file + ": not UTF-8 text; convert it to UTF-8", e);
        } catch (IOException e) {
            throw new CairnException(
                    "%s: cannot be read: %s; check --data".formatted(file, AtomicFiles.reason(e)),
                    e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream in = new BufferedInputStream(Files.newInputStream(file));
        if (!file.toString().endsWith(".bz2")) {
            return in;
        }
        try {
            return new BZip2CompressorInputStream(in, true);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }
}
