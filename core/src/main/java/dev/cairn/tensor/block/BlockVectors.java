package dev.cairn.tensor.block;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The vectors that blocks are read with. */
final class BlockVectors {
    private static final boolean IS_WIDE = FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 256;

    /** The widest floats there are, for products. */
    static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    /** As many ints as {@link #FLOATS}. */
    static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** Lanes of {@link #FLOATS}: 4, 8 or 16. */
    static final int LANES = FLOATS.length();

    /** As many bytes as {@link #FLOATS}, or eight. */
    private static final VectorSpecies<Byte> LANE_BYTES =
            LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    /**
     * Shorts of 256 bits where there are some, because a block's 16 bytes become 16 shorts. Wider
     * ones would hold parts of two blocks.
     */
    static final VectorSpecies<Short> SHORTS =
            IS_WIDE ? ShortVector.SPECIES_256 : ShortVector.SPECIES_128;

    /** As many bytes as there are shorts in a vector. */
    static final VectorSpecies<Byte> BYTES =
            IS_WIDE ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    /** Floats of 256 bits where there are some: half of a group of 16. */
    static final VectorSpecies<Float> FEW_FLOATS =
            IS_WIDE ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;

    /** As many ints as {@link #FEW_FLOATS}. */
    static final VectorSpecies<Integer> FEW_INTS =
            IS_WIDE ? IntVector.SPECIES_256 : IntVector.SPECIES_128;

    /** As many shorts as {@link #FEW_FLOATS}. */
    static final VectorSpecies<Short> FEW_SHORTS =
            IS_WIDE ? ShortVector.SPECIES_128 : ShortVector.SPECIES_64;

    /** As many bytes as {@link #INTS} have. */
    private static final VectorSpecies<Byte> INT_BYTES = ByteVector.SPECIES_PREFERRED;

    private static final VectorShuffle<Integer> TWICE =
            VectorShuffle.fromOp(INTS, lane -> lane % (LANES / 2));

    static final int SHORT_LANES = SHORTS.length();
    static final int FEW_LANES = FEW_FLOATS.length();

    /** How far byte i of an int is from its start, and from its end. */
    private static final IntVector TO_START =
            IntVector.fromArray(IntVector.SPECIES_128, new int[] {0, 8, 16, 24}, 0);

    private static final IntVector TO_END =
            IntVector.fromArray(IntVector.SPECIES_128, new int[] {24, 16, 8, 0}, 0);

    private BlockVectors() {}

    /** As many bytes as {@link #LANES}, without signs. */
    static IntVector unsigned(byte[] data, int at) {
        if (LANES == 4) {
            return IntVector.broadcast(IntVector.SPECIES_128, BlockBytes.int32(data, at))
                    .lanewise(VectorOperators.LSHR, TO_START)
                    .and(255);
        }
        return (IntVector)
                ByteVector.fromArray(LANE_BYTES, data, at)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, 0);
    }

    /** As many bytes as {@link #LANES}, with their signs. */
    static FloatVector signed(byte[] data, int at) {
        if (LANES == 4) {
            return fourSigned(BlockBytes.int32(data, at));
        }
        return (FloatVector)
                ByteVector.fromArray(LANE_BYTES, data, at)
                        .convertShape(VectorOperators.B2F, FLOATS, 0);
    }

    /** As many bytes as {@link #FEW_LANES}, with their signs. */
    static FloatVector fewSigned(byte[] data, int at) {
        if (FEW_LANES == 4) {
            return fourSigned(BlockBytes.int32(data, at));
        }
        return (FloatVector)
                ByteVector.fromArray(ByteVector.SPECIES_64, data, at)
                        .convertShape(VectorOperators.B2F, FEW_FLOATS, 0);
    }

    /** There are no vectors of four bytes. */
    private static FloatVector fourSigned(int bytes) {
        return (FloatVector)
                IntVector.broadcast(IntVector.SPECIES_128, bytes)
                        .lanewise(VectorOperators.LSHL, TO_END)
                        .lanewise(VectorOperators.ASHR, 24)
                        .convertShape(VectorOperators.I2F, FloatVector.SPECIES_128, 0);
    }

    /** {@link #LANES} ints. */
    static IntVector ints(byte[] data, int at) {
        return ByteVector.fromArray(INT_BYTES, data, at).reinterpretAsInts();
    }

    /** Eight ints in the lower half of a vector of 16, and again in the upper half. */
    static IntVector intsTwice(byte[] data, int at) {
        return ByteVector.fromArray(ByteVector.SPECIES_256, data, at)
                .reinterpretAsInts()
                .reinterpretShape(INTS, 0)
                .reinterpretAsInts()
                .rearrange(TWICE);
    }

    /** {@link #SHORT_LANES} bytes without signs. */
    static ShortVector shorts(byte[] data, int at) {
        return (ShortVector)
                ByteVector.fromArray(BYTES, data, at)
                        .convertShape(VectorOperators.ZERO_EXTEND_B2S, SHORTS, 0);
    }

    static FloatVector floats(IntVector ints) {
        return (FloatVector) ints.convertShape(VectorOperators.I2F, FLOATS, 0);
    }
}
