package dev.cairn.format;

import dev.cairn.CairnException;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON header of one safetensors file, fully checked: every tensor lies inside the file and has
 * the size its shape implies, and together they cover the data without gaps or overlaps. The header
 * is read token by token, so that a malicious one takes little more memory than its own length.
 */
final class SafetensorsHeader {
    static final String METADATA = "__metadata__";
    static final int LENGTH_BYTES = 8;

    /** The reference library's limit. */
    private static final long MAX_HEADER_BYTES = 100_000_000;

    private static final int MAX_RANK = 64;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /**
     * The location of one tensor: bytes {@code begin} (inclusive) to {@code end} (exclusive) of the
     * data.
     */
    @SuppressWarnings("ArrayRecordComponent") // a handle on bytes, never compared as a value
    record Slot(String name, DType dtype, long[] shape, long begin, long end) {}

    private final Path file;
    private final long dataStart;
    private final List<Slot> slots = new ArrayList<>();
    private final Map<String, String> metadata = new TreeMap<>();

    private SafetensorsHeader(Path file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    /** Reads and checks the header of a whole mapped file. */
    static SafetensorsHeader read(Path file, MemorySegment mapped) {
        long length = headerLength(file, mapped);
        SafetensorsHeader header = new SafetensorsHeader(file, LENGTH_BYTES + length);
        byte[] json = mapped.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
        // A fresh decoder reports malformed UTF-8; a charset by name would replace it silently.
        Reader text =
                new InputStreamReader(
                        new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = JSON.createParser(text)) {
            header.parse(parser);
        } catch (JacksonException e) {
            throw header.error("header is not valid JSON: " + firstLine(e.getOriginalMessage()), e);
        }
        header.checkLayout(mapped.byteSize() - header.dataStart);
        return header;
    }

    /** The tensors in the order of their data. */
    List<Slot> slots() {
        return slots;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** Where the data begins in the file, in bytes. */
    long dataStart() {
        return dataStart;
    }

    private static long headerLength(Path file, MemorySegment mapped) {
        if (mapped.byteSize() <= LENGTH_BYTES) {
            throw new CairnException(
                    "%s: not a safetensors file: only %d bytes long"
                            .formatted(file, mapped.byteSize()));
        }
        long length = mapped.get(LittleEndian.LONG, 0);
        if (length < 0 || length > MAX_HEADER_BYTES) {
            throw new CairnException(
                    "%s: not a safetensors file: it claims a header of %s bytes, the limit is %d"
                            .formatted(file, Long.toUnsignedString(length), MAX_HEADER_BYTES));
        }
        long available = mapped.byteSize() - LENGTH_BYTES;
        if (length > available) {
            throw new CairnException(
                    "%s: header needs %d bytes but only %d follow; the file is truncated or not"
                                    .formatted(file, length, available)
                            + " safetensors");
        }
        if (mapped.get(ValueLayout.JAVA_BYTE, LENGTH_BYTES) != '{') {
            throw new CairnException(
                    file + ": not a safetensors file: header is not a JSON object");
        }
        return length;
    }

    private void parse(JsonParser json) {
        expect(json.nextToken(), JsonToken.START_OBJECT, "header");
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                readMetadata(json);
            } else {
                slots.add(readSlot(json, name));
            }
        }
        if (json.nextToken() != null) {
            throw error("header continues after its JSON object", null);
        }
    }

    private void readMetadata(JsonParser json) {
        expect(json.nextToken(), JsonToken.START_OBJECT, METADATA);
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            expect(json.nextToken(), JsonToken.VALUE_STRING, METADATA + " " + quote(key));
            metadata.put(key, json.getString());
        }
    }

    private Slot readSlot(JsonParser json, String name) {
        String where = "tensor " + quote(name);
        expect(json.nextToken(), JsonToken.START_OBJECT, where);
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = json.currentName();
            switch (key) {
                case "dtype" -> dtype = readDType(json, where);
                case "shape" -> shape = readNaturals(json, where + " shape");
                case "data_offsets" -> offsets = readNaturals(json, where + " data_offsets");
                default -> {
                    json.nextToken();
                    json.skipChildren();
                }
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw error(where + ": needs dtype, shape and two data_offsets", null);
        }
        return new Slot(name, dtype, shape, offsets[0], offsets[1]);
    }

    private DType readDType(JsonParser json, String where) {
        expect(json.nextToken(), JsonToken.VALUE_STRING, where + " dtype");
        String name = json.getString();
        return DType.named(name)
                .orElseThrow(() -> error(where + ": unknown dtype " + quote(name), null));
    }

    private long[] readNaturals(JsonParser json, String where) {
        expect(json.nextToken(), JsonToken.START_ARRAY, where);
        long[] numbers = new long[MAX_RANK];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, where);
            if (count == MAX_RANK) {
                throw error(where + ": more than " + MAX_RANK + " numbers", null);
            }
            long number = json.getLongValue();
            if (number < 0) {
                throw error(where + ": negative number " + number, null);
            }
            numbers[count++] = number;
        }
        return Arrays.copyOf(numbers, count);
    }

    private void checkLayout(long dataBytes) {
        slots.sort(Comparator.comparingLong(Slot::begin).thenComparingLong(Slot::end));
        long covered = 0;
        for (Slot slot : slots) {
            String where = "tensor " + quote(slot.name());
            String range = where + ": bytes " + slot.begin() + ".." + slot.end();
            checkSize(slot, range);
            if (slot.end() > dataBytes) {
                String found = " but the file holds %d bytes of data".formatted(dataBytes);
                throw error(range + found + "; it is truncated or damaged", null);
            }
            if (slot.begin() != covered) {
                String kind = slot.begin() < covered ? " overlap" : " leave a gap after";
                throw error(range + kind + " the previous tensor, which ends at " + covered, null);
            }
            covered = slot.end();
        }
        if (covered != dataBytes) {
            throw error(
                    "%d bytes follow the last tensor's data".formatted(dataBytes - covered), null);
        }
    }

    private void checkSize(Slot slot, String range) {
        String what = slot.dtype() + " " + Arrays.toString(slot.shape());
        long needed;
        try {
            needed = slot.dtype().byteSize(elements(slot.shape()));
        } catch (ArithmeticException e) {
            throw error(range + ": " + what + " has no valid size: " + e.getMessage(), e);
        }
        if (slot.end() < slot.begin() || slot.end() - slot.begin() != needed) {
            throw error(range + " do not fit " + what + ", which needs " + needed + " bytes", null);
        }
    }

    /** Throws {@code error} of what is wrong unless the shapes are the same. */
    static void requireShape(
            long[] expected, long[] found, Function<String, CairnException> error) {
        if (!Arrays.equals(expected, found)) {
            throw error.apply(
                    "expected shape %s, found %s"
                            .formatted(Arrays.toString(expected), Arrays.toString(found)));
        }
    }

    /** Product of the sizes; 1 for a scalar. */
    static long elements(long[] shape) {
        long product = 1;
        for (long size : shape) {
            product = times(product, size);
        }
        return product;
    }

    /**
     * The product of two sizes. {@link Math#multiplyExact} would do, but its exception has no
     * message once the JVM has compiled it.
     *
     * @throws ArithmeticException with a message when the product exceeds 2⁶³ − 1
     */
    static long times(long a, long b) {
        if (Math.multiplyHigh(a, b) != 0 || a * b < 0) {
            throw new ArithmeticException("overflow: " + a + " times " + b);
        }
        return a * b;
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted, String where) {
        if (found != wanted) {
            throw error(where + ": expected " + wanted + ", found " + found, null);
        }
    }

    private CairnException error(String message, @Nullable Throwable cause) {
        return new CairnException(file + ": " + message, cause);
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "unreadable" : quotable(message.lines().findFirst().orElse(""));
    }

    /** A name from an untrusted file, made safe for a one-line message. */
    static String quote(String name) {
        return "'" + quotable(name) + "'";
    }

    /** A text with words from an untrusted file, made safe for a one-line message. */
    static String quotable(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
