package dev.cairn.format;

import dev.cairn.CairnException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One metadata value as stored in the file; decoded only on request.
 *
 * @param element type of an array's elements, otherwise the type of the value
 * @param count number of an array's elements, otherwise 1
 * @param data the value's bytes, without a text's length or an array's header
 */
record GgufField(
        Path file, String key, boolean isArray, GgufType element, long count, MemorySegment data) {
    /** Reads the value that follows its key. */
    static GgufField read(Path file, String key, GgufCursor cursor) {
        String what = "key " + SafetensorsHeader.quote(key);
        GgufType type = type(cursor, what);
        if (type == GgufType.STRING) {
            return new GgufField(file, key, false, type, 1, cursor.text(what));
        }
        if (type != GgufType.ARRAY) {
            return new GgufField(file, key, false, type, 1, cursor.slice(type.minBytes(), what));
        }
        GgufType element = type(cursor, what);
        if (element == GgufType.ARRAY) {
            throw cursor.error(what + ": is an array of arrays, which no known key uses");
        }
        long count = cursor.count(what, element.minBytes());
        if (element != GgufType.STRING) {
            MemorySegment data = cursor.slice(count * element.minBytes(), what);
            return new GgufField(file, key, true, element, count, data);
        }
        long start = cursor.position();
        MemorySegment rest = cursor.rest();
        for (long i = 0; i < count; i++) {
            cursor.text(what);
        }
        return new GgufField(
                file, key, true, element, count, rest.asSlice(0, cursor.position() - start));
    }

    private static GgufType type(GgufCursor cursor, String what) {
        int id = cursor.int32(what);
        return GgufType.of(id)
                .orElseThrow(() -> cursor.error("%s: unknown value type %d".formatted(what, id)));
    }

    String text() {
        expect(!isArray && element == GgufType.STRING, "a string");
        return cursor().decode(data, this::where);
    }

    boolean flag() {
        expect(!isArray && element == GgufType.BOOL, "true or false");
        return data.get(ValueLayout.JAVA_BYTE, 0) != 0;
    }

    double number() {
        expect(!isArray && isNumber(), "a number");
        return number(0);
    }

    long wholeNumber() {
        expect(!isArray && isWhole(), "a whole number");
        return whole(0);
    }

    List<String> texts() {
        expect(isArray && element == GgufType.STRING, "a list of texts");
        GgufCursor cursor = cursor();
        List<String> texts = new ArrayList<>((int) count);
        String where = where();
        for (long i = 0; i < count; i++) {
            long index = i;
            texts.add(cursor.decode(cursor.text(where), () -> where + "[" + index + "]"));
        }
        return texts;
    }

    String text(int index) {
        expect(isArray && element == GgufType.STRING, "a list of texts");
        expect(index < count, "a list of more than %d texts".formatted(index));
        GgufCursor cursor = cursor();
        String where = where();
        for (int i = 0; i < index; i++) {
            cursor.text(where);
        }
        return cursor.decode(cursor.text(where), () -> where + "[" + index + "]");
    }

    /** Where in a list some texts are; those that are not there are left out. */
    Map<String, Integer> indices(Set<String> wanted) {
        expect(isArray && element == GgufType.STRING, "a list of texts");
        Map<MemorySegment, String> bytes = new LinkedHashMap<>();
        wanted.forEach(text ->
                bytes.put(MemorySegment.ofArray(text.getBytes(StandardCharsets.UTF_8)), text));
        Map<String, Integer> indices = new HashMap<>();
        GgufCursor cursor = cursor();
        String where = where();
        for (int i = 0; i < count; i++) {
            MemorySegment text = cursor.text(where);
            for (Map.Entry<MemorySegment, String> one : bytes.entrySet()) {
                if (one.getKey().byteSize() == text.byteSize() && one.getKey().mismatch(text) < 0) {
                    indices.putIfAbsent(one.getValue(), i);
                }
            }
        }
        return indices;
    }

    /** Whether another field has the same value, stored in the same way. */
    boolean hasValueOf(GgufField other) {
        return isArray == other.isArray
                && element == other.element
                && count == other.count
                && data.mismatch(other.data) < 0;
    }

    int[] ints() {
        expect(isArray && isWhole() && count < Integer.MAX_VALUE, "a list of whole numbers");
        int[] ints = new int[(int) count];
        for (int i = 0; i < ints.length; i++) {
            long value = whole(i);
            expect(value == (int) value, "a list of 32-bit numbers");
            ints[i] = (int) value;
        }
        return ints;
    }

    List<Boolean> flags() {
        expect(isArray && element == GgufType.BOOL, "a list of true and false");
        List<Boolean> flags = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            flags.add(data.get(ValueLayout.JAVA_BYTE, i) != 0);
        }
        return flags;
    }

    float[] floats() {
        expect(isArray && isNumber() && count < Integer.MAX_VALUE, "a list of numbers");
        float[] floats = new float[(int) count];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) number(i);
        }
        return floats;
    }

    private boolean isNumber() {
        return isWhole() || element == GgufType.FLOAT32 || element == GgufType.FLOAT64;
    }

    private boolean isWhole() {
        return switch (element) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY -> false;
        };
    }

    private double number(long index) {
        return switch (element) {
            case FLOAT32 -> data.get(LittleEndian.FLOAT, Float.BYTES * index);
            case FLOAT64 -> data.get(LittleEndian.DOUBLE, Double.BYTES * index);
            default -> whole(index);
        };
    }

    private long whole(long index) {
        long at = element.minBytes() * index;
        return switch (element) {
            case UINT8 -> data.get(ValueLayout.JAVA_BYTE, at) & 0xFFL;
            case INT8 -> data.get(ValueLayout.JAVA_BYTE, at);
            case UINT16 -> data.get(LittleEndian.SHORT, at) & 0xFFFFL;
            case INT16 -> data.get(LittleEndian.SHORT, at);
            case UINT32 -> data.get(LittleEndian.INT, at) & 0xFFFF_FFFFL;
            case INT32 -> data.get(LittleEndian.INT, at);
            case UINT64, INT64 -> data.get(LittleEndian.LONG, at);
            case FLOAT32, FLOAT64, BOOL, STRING, ARRAY ->
                    throw new IllegalStateException(element.name());
        };
    }

    private void expect(boolean isFitting, String expected) {
        if (!isFitting) {
            throw new CairnException(
                    "%s: %s: expected %s, found %s"
                            .formatted(
                                    file,
                                    where(),
                                    expected,
                                    (isArray ? "a list of " + count + " " : "") + element));
        }
    }

    private String where() {
        return "key " + SafetensorsHeader.quote(key);
    }

    private GgufCursor cursor() {
        return new GgufCursor(file, data);
    }
}
