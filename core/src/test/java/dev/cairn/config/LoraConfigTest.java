package dev.cairn.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraConfigTest {
    private static LoraConfig config(
            int rank,
            double alpha,
            double dropout,
            Map<String, Integer> ranks,
            Map<String, Double> alphas) {
        return new LoraConfig(
                rank, alpha, dropout, new TargetModules.AllLinear(), false, ranks, alphas);
    }

    @Test
    void theShortFormIsForEveryLinearLayer() {
        assertThat(LoraConfig.of(8, 16)).isEqualTo(config(8, 16, 0.05, Map.of(), Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 16  | 0    | lora_r: expected at least 1, found 0",
                "8 | 0   | 0    | lora_alpha: expected above 0 and at most 1000000, found 0",
                "8 | 2e6 | 0    | lora_alpha: expected above 0 and at most 1000000, found 2000000",
                "8 | NaN | 0    | lora_alpha: expected above 0 and at most 1000000, found NaN",
                "8 | 16  | -0.1 | lora_dropout: expected at least 0 and at most 0.99, found -0.1",
                "8 | 16  | 1    | lora_dropout: expected at least 0 and at most 0.99, found 1",
            })
    void whatIsOutOfRangeIsNamed(int rank, double alpha, double dropout, String message) {
        assertThatThrownBy(() -> config(rank, alpha, dropout, Map.of(), Map.of()))
                .isInstanceOf(CairnException.class)
                .hasMessage(message);
    }

    @Test
    void patternsAreCheckedByTheirKey() {
        assertThatThrownBy(() -> config(8, 16, 0, Map.of("q", 0), Map.of()))
                .hasMessage("rank_pattern: q: expected at least 1, found 0");
        assertThatThrownBy(() -> config(8, 16, 0, Map.of(), Map.of("q", 0.0)))
                .hasMessage("alpha_pattern: q: expected above 0 and at most 1000000, found 0");
        assertThatThrownBy(() -> config(8, 16, 0, Map.of("(", 1), Map.of()))
                .isInstanceOf(CairnException.class)
                .hasMessage("rank_pattern: (: expected a regular expression");
        assertThatThrownBy(() -> config(8, 16, 0, Map.of(), Map.of("[", 1.0)))
                .isInstanceOf(CairnException.class)
                .hasMessage("alpha_pattern: [: expected a regular expression");
    }

    /** Of several patterns that match, the first counts. */
    @Test
    void patternsKeepTheirOrderAndAreNobodyElses() {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        for (int i = 20; i > 0; i--) {
            ranks.put("layer." + i, i);
        }
        LoraConfig config = config(8, 16, 0, ranks, Map.of());
        String[] keys = ranks.keySet().toArray(String[]::new);
        ranks.clear();

        assertThat(config.rankPattern().keySet()).containsExactly(keys);
        assertThatThrownBy(() -> config.rankPattern().clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> config.alphaPattern().put("q", 1.0))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
