package dev.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {
    private static Processor of(String vendor, int level, String flags) {
        return Processor.parse(
                List.of(
                        "processor\t: 0",
                        "vendor_id\t: " + vendor,
                        "model name\t: Some CPU: the second",
                        "cpuid level\t: " + level,
                        "flags\t\t: " + flags,
                        "",
                        "processor\t: 1",
                        "flags\t\t: nothing"));
    }

    @Test
    void theFirstProcessorCounts() {
        Processor processor = of("GenuineIntel", 13, "fma avx2  avx512f");
        assertThat(processor.model()).isEqualTo("Some CPU: the second");
        assertThat(processor.features()).containsExactlyInAnyOrder("fma", "avx2", "avx512f");
    }

    @Test
    void tilesNeedTheLeavesThatDescribeThem() {
        assertThat(of("GenuineIntel", 32, "avx512f amx_bf16 amx_tile").hasTiles()).isTrue();
        assertThat(of("GenuineIntel", 28, "avx512f amx_bf16 amx_tile").hasTiles()).isFalse();
        assertThat(of("GenuineIntel", 32, "avx512f").hasTiles()).isFalse();
    }

    @Test
    void bfloat16PaysOnAmdAndWithTilesOnly() {
        assertThat(of("AuthenticAMD", 16, "avx512f avx512_bf16").multipliesBf16Fast()).isTrue();
        assertThat(of("AuthenticAMD", 16, "avx2").multipliesBf16Fast()).isFalse();
        assertThat(of("GenuineIntel", 28, "avx512_bf16 amx_bf16").multipliesBf16Fast()).isFalse();
        assertThat(of("GenuineIntel", 32, "avx512_bf16 amx_bf16").multipliesBf16Fast()).isTrue();
    }

    @Test
    void aSystemThatTellsNothingHasNoFeatures() {
        Processor unknown = Processor.parse(List.of());
        assertThat(unknown.hasTiles() || unknown.multipliesBf16Fast()).isFalse();
        assertThat(unknown.model()).isEqualTo("unknown");
    }
}
