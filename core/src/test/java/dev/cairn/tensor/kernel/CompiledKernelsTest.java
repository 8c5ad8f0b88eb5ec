package dev.cairn.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A kernel that is inlined into whatever large method calls it may run into the compiler's inlining
 * budget half-way: then its vectors become objects, and decoding is three times as slow in one
 * process out of some. A method of more than 325 bytes of code (HotSpot's FreqInlineSize) is never
 * inlined, so it is compiled alone and whole.
 */
class CompiledKernelsTest {
    private static final int FREQ_INLINE_SIZE = 325;

    /** A method of more than this many bytes (HugeMethodLimit) would not be compiled at all. */
    private static final int HUGE_METHOD_LIMIT = 8000;

    @ParameterizedTest
    @CsvSource({
        "matmul/Int8Gemv, vectors",
        "matmul/Int4Gemv, blocks",
        "matmul/Bf16Gemv, vectors",
        "matmul/F32Gemv, heap",
        "matmul/F32Gemv, mapped",
        "matmul/F32Tile, vectors",
        "matmul/Bf16Tile, vectors",
        "matmul/Int8Tile, vectors",
        "matmul/StridedTile, vectors",
        "matmul/StridedTile, halfOfRows",
        "kernel/DecodeAttention, fourBlocks",
        "kernel/DecodeAttention, addRows",
        "matmul/QuantizedInput, quantize",
        "block/LegacyProducts, groups",
        "block/LegacyProducts, q8Zero",
        "block/LegacyTile, groups",
        "block/SuperProducts, fourBits",
        "block/SuperProducts, fiveBits",
        "block/SuperProducts, sixBits",
        "LogSumExp, sum"
    })
    void aKernelIsTooLargeToBeInlined(String type, String method) throws IOException {
        assertThat(bytesOfCode(type, method)).isBetween(FREQ_INLINE_SIZE + 1, HUGE_METHOD_LIMIT);
    }

    private static int bytesOfCode(String type, String method) throws IOException {
        try (InputStream in = Tensor.class.getResourceAsStream(type + ".class")) {
            assertThat(in).as("class %s", type).isNotNull();
            ClassModel model = ClassFile.of().parse(in.readAllBytes());
            return model.methods().stream()
                    .filter(m -> m.methodName().equalsString(method))
                    .map(m -> m.findAttribute(java.lang.classfile.Attributes.code()).orElseThrow())
                    .mapToInt(CodeAttribute::codeLength)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(type + " has no method " + method));
        }
    }
}
