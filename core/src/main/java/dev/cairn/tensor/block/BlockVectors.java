package dev.cairn.tensor.block;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that blocks are read with: of 256 bits where there are some, because a block's 16
 * bytes become 16 shorts. Wider ones would hold parts of two blocks.
 */
public final class BlockVectors {
    private static final boolean IS_WIDE = FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 256;

    static final VectorSpecies<Short> SHORTS =
            IS_WIDE ? ShortVector.SPECIES_256 : ShortVector.SPECIES_128;

    static final VectorSpecies<Integer> INTS =
            IS_WIDE ? IntVector.SPECIES_256 : IntVector.SPECIES_128;

    static final VectorSpecies<Float> FLOATS =
            IS_WIDE ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;

    /** As many bytes as there are shorts in a vector. */
    private static final VectorSpecies<Byte> BYTES =
            IS_WIDE ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    /** As many shorts as there are floats in a vector. */
    static final VectorSpecies<Short> FEW_SHORTS =
            IS_WIDE ? ShortVector.SPECIES_128 : ShortVector.SPECIES_64;

    static final int SHORT_LANES = SHORTS.length();
    public static final int FLOAT_LANES = FLOATS.length();

    private BlockVectors() {}

    /** Reads unsigned bytes. */
    static ShortVector unsigned(MemorySegment data, long at) {
        return (ShortVector)
                ByteVector.fromMemorySegment(BYTES, data, at, ByteOrder.LITTLE_ENDIAN)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0);
    }

    /** Reads signed bytes. */
    static ShortVector signed(MemorySegment data, long at) {
        return (ShortVector)
                ByteVector.fromMemorySegment(BYTES, data, at, ByteOrder.LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORTS, 0);
    }
}
