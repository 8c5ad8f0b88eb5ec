package dev.cairn.tensor.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.cairn.tensor.Processor;
import dev.cairn.tensor.ThreadPool;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Bindings to the C functions of oneDNN (version 3, https://uxlfoundation.github.io/oneDNN) that
 * matrix products need, through the foreign-function interface. The library's objects are never
 * destroyed: there are only a few, for each shape of product.
 *
 * <p>The library's own threads are switched off: products are split and run by {@link ThreadPool},
 * so that no second thread pool competes with it.
 */
public final class OneDnn {
    /** Number formats, as {@code dnnl_data_type_t} counts them. */
    public enum Type {
        F16(1, 2),
        BF16(2, 2),
        F32(3, 4),
        S8(5, 1),
        U8(6, 1);

        final int code;
        final int bytes;

        Type(int code, int bytes) {
            this.code = code;
            this.bytes = bytes;
        }
    }

    /** Arguments of a product, as {@code DNNL_ARG_*} counts them. */
    static final int SRC = 1;

    static final int DST = 17;
    static final int WEIGHTS = 33;
    static final int BIAS = 41;
    static final int SCRATCHPAD = 80;

    private static final int CPU = 1;
    private static final int STREAM_IN_ORDER = 1;
    private static final int SCRATCHPAD_FROM_USER = 1;
    private static final int QUERY_SCRATCHPAD = 136;
    private static final int OK = 0;
    private static final int UNIMPLEMENTED = 3;

    /** {@code dnnl_cpu_isa_avx10_1_512}: everything before AMX. */
    private static final int ISA_WITHOUT_TILES = 0x1ef;

    /** Loads the library on first use, and only if native kernels are enabled. */
    private static final class Loaded {
        static final @Nullable OneDnn LIBRARY;
        static final String STATUS;

        static {
            OneDnn library = null;
            String status;
            try {
                library = new OneDnn(NativeLibrary.oneDnn(), Processor.here());
                status = "in use, version " + library.version();
            } catch (NativeLibrary.Absent e) {
                status = "not in use: " + e.getMessage();
            }
            LIBRARY = library;
            STATUS = status;
        }
    }

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup symbols;
    private final MemorySegment engine;
    private final MethodHandle createStream;
    private final MethodHandle createDescriptor;
    private final MethodHandle createAttributes;
    private final MethodHandle setScratchpad;
    private final MethodHandle createProduct;
    private final MethodHandle query;
    private final MethodHandle sizeOf;
    private final MethodHandle createPrimitive;
    private final MethodHandle createMemory;
    private final MethodHandle setData;
    private final MethodHandle execute;

    private OneDnn(Path library, Processor processor) throws NativeLibrary.Absent {
        try {
            limitThreads();
            symbols = SymbolLookup.libraryLookup(library, Arena.global());
            if (!processor.hasTiles() && System.getenv("ONEDNN_MAX_CPU_ISA") == null) {
                // Fails on a processor without these instructions, where there is nothing to limit.
                int _ = (int) function("dnnl_set_max_cpu_isa", JAVA_INT).invoke(ISA_WITHOUT_TILES);
            }
            createStream = function("dnnl_stream_create", ADDRESS, ADDRESS, JAVA_INT);
            createDescriptor =
                    function(
                            "dnnl_memory_desc_create_with_strides",
                            ADDRESS,
                            JAVA_INT,
                            ADDRESS,
                            JAVA_INT,
                            ADDRESS);
            createAttributes = function("dnnl_primitive_attr_create", ADDRESS);
            setScratchpad = function("dnnl_primitive_attr_set_scratchpad_mode", ADDRESS, JAVA_INT);
            createProduct =
                    function(
                            "dnnl_matmul_primitive_desc_create",
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS);
            query =
                    handle(
                            "dnnl_primitive_desc_query_md",
                            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT));
            sizeOf = handle("dnnl_memory_desc_get_size", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
            createPrimitive = function("dnnl_primitive_create", ADDRESS, ADDRESS);
            createMemory = function("dnnl_memory_create", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
            setData = function("dnnl_memory_set_data_handle", ADDRESS, ADDRESS);
            execute = function("dnnl_primitive_execute", ADDRESS, ADDRESS, JAVA_INT, ADDRESS);
            engine = created(function("dnnl_engine_create", ADDRESS, JAVA_INT, JAVA_LONG), CPU, 0L);
            LoadedPages.release(library);
        } catch (Throwable e) {
            throw new NativeLibrary.Absent(library + " cannot be used: " + e.getMessage());
        }
    }

    /** The library; null when this machine computes in Java alone. */
    public static @Nullable OneDnn instance() {
        return NativeLibrary.isWanted() ? Loaded.LIBRARY : null;
    }

    /** A human-readable status: the version in use, or why the library is not in use. */
    public static String status() {
        return NativeLibrary.isWanted() ? Loaded.STATUS : "not in use: switched off";
    }

    /**
     * Sets the number of OpenMP threads in the environment, which OpenMP reads when it is loaded.
     */
    private void limitThreads() throws Throwable {
        MethodHandle setenv =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("setenv"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int _ =
                    (int)
                            setenv.invokeExact(
                                    arena.allocateFrom("OMP_NUM_THREADS"),
                                    arena.allocateFrom("1"),
                                    1);
        }
    }

    private String version() {
        try {
            MethodHandle version = handle("dnnl_version", FunctionDescriptor.of(ADDRESS));
            MemorySegment parts =
                    ((MemorySegment) version.invokeExact()).reinterpret(3L * Integer.BYTES);
            return "%d.%d.%d"
                    .formatted(
                            parts.getAtIndex(JAVA_INT, 0),
                            parts.getAtIndex(JAVA_INT, 1),
                            parts.getAtIndex(JAVA_INT, 2));
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    private MethodHandle function(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private MethodHandle handle(String name, FunctionDescriptor type) {
        return linker.downcallHandle(symbols.findOrThrow(name), type);
    }

    /** Creates a oneDNN stream; each concurrent thread needs its own. */
    MemorySegment stream() {
        return created(createStream, engine, STREAM_IN_ORDER);
    }

    /** Describes the memory layout of a matrix {@code [rows, cols]}. */
    MemorySegment matrix(Type type, long rows, long cols, long rowStride, long colStride) {
        try (Arena arena = Arena.ofConfined()) {
            return created(
                    createDescriptor,
                    2,
                    arena.allocateFrom(JAVA_LONG, rows, cols),
                    type.code,
                    arena.allocateFrom(JAVA_LONG, rowStride, colStride));
        }
    }

    /**
     * Describes a product of matrices with these layouts.
     *
     * @param bias layout of a single row that is added to every row of the product; null for none
     * @return the description; null if this processor does not support such a product
     */
    @Nullable MemorySegment product(
            MemorySegment src,
            MemorySegment weights,
            @Nullable MemorySegment bias,
            MemorySegment dst) {
        MemorySegment attributes = created(createAttributes);
        try (Arena arena = Arena.ofConfined()) {
            check((int) setScratchpad.invokeExact(attributes, SCRATCHPAD_FROM_USER));
            MemorySegment row = bias == null ? MemorySegment.NULL : bias;
            MemorySegment result = arena.allocate(ADDRESS);
            int status =
                    (int)
                            createProduct.invokeExact(
                                    result, engine, src, weights, row, dst, attributes);
            if (status == UNIMPLEMENTED) {
                return null;
            }
            check(status);
            return result.get(ADDRESS, 0);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** The layout of the scratch memory that a product needs from its caller. */
    MemorySegment scratchpad(MemorySegment product) {
        try {
            return (MemorySegment) query.invokeExact(product, QUERY_SCRATCHPAD, 0);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** Size in bytes of a layout. */
    long byteSize(MemorySegment shape) {
        try {
            return (long) sizeOf.invokeExact(shape);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** Creates the machine code of a product. */
    MemorySegment primitive(MemorySegment product) {
        return created(createPrimitive, product);
    }

    /** Creates a memory object of this layout; {@link #point} sets its data. */
    MemorySegment memory(MemorySegment shape) {
        return created(createMemory, shape, engine, MemorySegment.NULL);
    }

    /** Sets the data of a memory object. */
    void point(MemorySegment memory, MemorySegment data) {
        try {
            check((int) setData.invokeExact(memory, data));
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /**
     * Runs a product; returns when it is done.
     *
     * @param arguments {@code count} pairs of argument number and memory object
     */
    void run(MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments) {
        try {
            check((int) execute.invokeExact(primitive, stream, count, arguments));
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /**
     * Calls a function that stores a new object's address in its first argument, and returns that
     * address.
     */
    private static MemorySegment created(MethodHandle function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment result = arena.allocate(ADDRESS);
            Object[] all = new Object[arguments.length + 1];
            all[0] = result;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            check((int) function.invokeWithArguments(all));
            return result.get(ValueLayout.ADDRESS, 0);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    private static void check(int status) {
        if (status != OK) {
            throw new IllegalStateException("oneDNN: a call failed with status " + status);
        }
    }

    private static RuntimeException failure(Throwable e) {
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
}
