package dev.cairn.tensor.onednn;

import static dev.cairn.tensor.VectorMath.LANES;

import dev.cairn.tensor.BFloat16;
import dev.cairn.tensor.ColdStart;
import dev.cairn.tensor.VectorMath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Writes floats to native memory as bfloat16, as {@link BFloat16#of} rounds them. */
final class Bf16Rounding {
    private Bf16Rounding() {}

    /**
     * Writes {@code n} floats.
     *
     * @param toAt in bytes
     */
    static void write(float[] from, int at, MemorySegment to, long toAt, int n) {
        int whole = ColdStart.usesLoops(n) ? 0 : n / LANES * LANES;
        vectors(from, at, to, toAt, whole);
        if (whole < n) {
            loops(from, at + whole, to, toAt + (long) whole * Short.BYTES, n - whole);
        }
    }

    private static void vectors(float[] from, int at, MemorySegment to, long toAt, int n) {
        for (int i = 0; i < n; i += LANES) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, from, at + i);
            IntVector bits = x.reinterpretAsInts();
            VectorMask<Integer> isNan = x.test(VectorOperators.IS_NAN).cast(VectorMath.INTS);
            IntVector lowestKept = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            bits.add(lowestKept)
                    .add(0x7FFF)
                    .blend(bits.or(0x400000), isNan)
                    .lanewise(VectorOperators.LSHR, 16)
                    .convertShape(VectorOperators.I2S, VectorMath.HALVES, 0)
                    .reinterpretAsShorts()
                    .intoMemorySegment(to, toAt + (long) i * Short.BYTES, ByteOrder.nativeOrder());
        }
    }

    /** Copies through an array: single accesses to native memory are slow in a new process. */
    private static void loops(float[] from, int at, MemorySegment to, long toAt, int n) {
        short[] halves = new short[n];
        for (int i = 0; i < n; i++) {
            halves[i] = BFloat16.of(from[at + i]);
        }
        MemorySegment.copy(halves, 0, to, ValueLayout.JAVA_SHORT, toAt, n);
    }
}
