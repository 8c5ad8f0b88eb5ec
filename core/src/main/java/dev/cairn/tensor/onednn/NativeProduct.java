package dev.cairn.tensor.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.cairn.tensor.onednn.OneDnn.Type;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * A oneDNN product {@code c[rows, cols] = a[rows, summed] · b[summed, cols]} of one shape, with or
 * without a bias {@code [cols]} for every row: its machine code, and the objects that each running
 * thread needs. Creating one takes milliseconds, so products are created once and kept.
 */
public final class NativeProduct {
    /**
     * The shape and the formats that identify a product.
     *
     * @param inType format of {@code a}, which is stored row by row
     * @param weightType format of {@code b}
     * @param summedStride distance between rows of {@code b}, in values
     * @param colStride distance between columns of {@code b}, in values
     */
    public record Shape(
            int rows,
            int summed,
            int cols,
            Type inType,
            Type weightType,
            long summedStride,
            long colStride,
            boolean hasBias) {}

    private static final int ARGUMENTS = 5;
    private static final long ARGUMENT_BYTES = 16;
    private static final long CACHE_LINE = 64;

    private static final ConcurrentHashMap<Shape, Optional<NativeProduct>> KNOWN =
            new ConcurrentHashMap<>();

    private final OneDnn library;
    private final MemorySegment src;
    private final MemorySegment weights;
    private final @Nullable MemorySegment bias;
    private final MemorySegment dst;
    private final MemorySegment scratchpad;
    private final MemorySegment primitive;

    /**
     * Places currently not in use. In total there are as many as threads have ever run this product
     * at once.
     */
    private final ConcurrentLinkedDeque<Places> idle = new ConcurrentLinkedDeque<>();

    private NativeProduct(OneDnn library, Shape shape, MemorySegment product) {
        this.library = library;
        this.src = src(library, shape);
        this.weights = weights(library, shape);
        this.bias = bias(library, shape);
        this.dst = dst(library, shape);
        this.scratchpad = library.scratchpad(product);
        this.primitive = library.primitive(product);
    }

    /** The product of this shape; empty if oneDNN does not support it on this processor. */
    public static Optional<NativeProduct> of(OneDnn library, Shape shape) {
        return KNOWN.computeIfAbsent(
                shape,
                s ->
                        Optional.ofNullable(
                                        library.product(
                                                src(library, s),
                                                weights(library, s),
                                                bias(library, s),
                                                dst(library, s)))
                                .map(product -> new NativeProduct(library, s, product)));
    }

    private static MemorySegment src(OneDnn library, Shape s) {
        return library.matrix(s.inType(), s.rows(), s.summed(), s.summed(), 1);
    }

    private static MemorySegment weights(OneDnn library, Shape s) {
        return library.matrix(
                s.weightType(), s.summed(), s.cols(), s.summedStride(), s.colStride());
    }

    private static @Nullable MemorySegment bias(OneDnn library, Shape s) {
        return s.hasBias() ? library.matrix(Type.F32, 1, s.cols(), s.cols(), 1) : null;
    }

    private static MemorySegment dst(OneDnn library, Shape s) {
        return library.matrix(Type.F32, s.rows(), s.cols(), s.cols(), 1);
    }

    /**
     * Computes on the calling thread.
     *
     * @param row the bias; ignored if the shape has none
     */
    public void run(MemorySegment a, MemorySegment b, MemorySegment row, MemorySegment c) {
        Places known = idle.poll();
        Places places = known == null ? new Places() : known;
        library.point(places.a, a);
        library.point(places.b, b);
        library.point(places.c, c);
        if (places.row != null) {
            library.point(places.row, row);
        }
        library.run(primitive, places.stream, places.count, places.arguments);
        idle.push(places);
    }

    /** The objects that one run at a time can use. */
    private final class Places {
        private final MemorySegment stream = library.stream();
        private final MemorySegment a = library.memory(src);
        private final MemorySegment b = library.memory(weights);
        private final MemorySegment c = library.memory(dst);
        private final @Nullable MemorySegment row = bias == null ? null : library.memory(bias);
        private final int count = row == null ? ARGUMENTS - 1 : ARGUMENTS;
        private final MemorySegment arguments;

        Places() {
            long bytes = Math.max(CACHE_LINE, library.byteSize(scratchpad));
            MemorySegment work = library.memory(scratchpad);
            library.point(work, Arena.global().allocate(bytes, CACHE_LINE));
            arguments = Arena.global().allocate(ARGUMENTS * ARGUMENT_BYTES, ARGUMENT_BYTES);
            argument(0, OneDnn.SRC, a);
            argument(1, OneDnn.WEIGHTS, b);
            argument(2, OneDnn.DST, c);
            argument(3, OneDnn.SCRATCHPAD, work);
            if (row != null) {
                argument(4, OneDnn.BIAS, row);
            }
        }

        private void argument(int index, int number, MemorySegment memory) {
            arguments.set(JAVA_INT, index * ARGUMENT_BYTES, number);
            arguments.set(ADDRESS, index * ARGUMENT_BYTES + ADDRESS.byteSize(), memory);
        }
    }
}
