package dev.cairn.tensor.block;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads the fields of blocks, which are little-endian and not aligned. */
final class BlockBytes {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private BlockBytes() {}

    /** A half-precision number: two instructions once compiled, and very slow before. */
    static float half(byte[] data, int at) {
        return Float.float16ToFloat((short) SHORTS.get(data, at));
    }

    /** The same in code that is not slow before it is compiled, for loops. */
    static float coldHalf(byte[] data, int at) {
        int bits = data[at] & 0xFF | data[at + 1] << 8;
        if ((bits & 0x7C00) == 0x7C00) {
            return Float.float16ToFloat((short) bits);
        }
        // The exponents of floats are 112 larger; so what is small is right as well.
        return Float.intBitsToFloat((bits & 0x7FFF) << 13 | bits & 0x80000000) * 0x1p112f;
    }

    static int int32(byte[] data, int at) {
        return (int) INTS.get(data, at);
    }

    /** Like {@link #int32}, for loops. */
    static int coldInt32(byte[] data, int at) {
        return unsigned16(data, at) | unsigned16(data, at + 2) << 16;
    }

    static int unsigned16(byte[] data, int at) {
        return data[at] & 0xFF | (data[at + 1] & 0xFF) << 8;
    }

    static int unsigned(byte[] data, int at) {
        return data[at] & 0xFF;
    }
}
