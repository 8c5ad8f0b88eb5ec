package dev.cairn.tensor.block;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
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

    public static final VectorSpecies<Float> FLOATS =
            IS_WIDE ? FloatVector.SPECIES_256 : FloatVector.SPECIES_128;

    /** As many bytes as there are shorts in a vector. */
    static final VectorSpecies<Byte> BYTES =
            IS_WIDE ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    /** As many shorts as there are floats in a vector. */
    static final VectorSpecies<Short> FEW_SHORTS =
            IS_WIDE ? ShortVector.SPECIES_128 : ShortVector.SPECIES_64;

    static final int SHORT_LANES = SHORTS.length();
    public static final int FLOAT_LANES = FLOATS.length();

    private BlockVectors() {}
}
