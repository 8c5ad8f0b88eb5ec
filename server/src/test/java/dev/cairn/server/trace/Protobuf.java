package dev.cairn.server.trace;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The fields of a message of protobuf by their numbers, as far as spans have them. */
record Protobuf(Map<Integer, List<Object>> fields) {
    static Protobuf of(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            Object value =
                    switch (tag & 7) {
                        case 0 -> varint(in);
                        case 1 -> in.getLong();
                        case 2 -> bytes(in);
                        case 5 -> in.getInt();
                        default -> throw new IllegalArgumentException("wire type " + (tag & 7));
                    };
            fields.computeIfAbsent(tag >>> 3, n -> new ArrayList<>()).add(value);
        }
        return new Protobuf(fields);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 127) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[(int) varint(in)];
        in.get(bytes);
        return bytes;
    }

    List<Protobuf> messages(int field) {
        return fields.getOrDefault(field, List.of()).stream()
                .map(value -> of((byte[]) value))
                .toList();
    }

    String text(int field) {
        return new String((byte[]) Objects.requireNonNull(fields.get(field)).getFirst(), UTF_8);
    }

    /** Bytes as hex; empty when there are none. */
    String hex(int field) {
        List<Object> values = fields.get(field);
        return values == null ? "" : HexFormat.of().formatHex((byte[]) values.getFirst());
    }

    long number(int field) {
        return (Long) Objects.requireNonNull(fields.get(field)).getFirst();
    }

    /** Attributes by name, as texts; those of a list joined by commas. */
    Map<String, String> attributes(int field) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Protobuf attribute : messages(field)) {
            attributes.put(attribute.text(1), value(attribute.messages(2).getFirst()));
        }
        return attributes;
    }

    private static String value(Protobuf any) {
        int kind = any.fields().keySet().iterator().next();
        return switch (kind) {
            case 1 -> any.text(1);
            case 3 -> Long.toString(any.number(3));
            case 4 -> Double.toString(Double.longBitsToDouble(any.number(4)));
            case 5 ->
                    String.join(
                            ",",
                            any.messages(5).getFirst().messages(1).stream()
                                    .map(Protobuf::value)
                                    .toList());
            default -> throw new IllegalArgumentException("value of kind " + kind);
        };
    }
}
