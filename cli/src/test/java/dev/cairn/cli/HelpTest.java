package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelpTest {
    @ParameterizedTest
    @CsvSource({
        "train, STACK.yaml --stage --output --resume",
        "run, STACK.yaml INPUT --trace --json --set --output",
        "serve, STACK.yaml --output --quant --host --port --api-key-file --cors-origin --log-prompts --parallel --queue --max-tokens --timeout --kv-memory --traces --no-traces --trace-days --otlp-endpoint",
        "eval, SYSTEM --tasks --num_fewshot --data --limit --output_path --log_samples --json --report --why",
        "compare, DIR --json --report",
        "distill, STACK.yaml --dry-run --limit --json",
        "score, --model --context --continuation --context-tokens --continuation-tokens --json",
        "stories, FILE.jsonl --split --count --seed",
        "pretrain, CONFIG.yaml --output --resume",
        "pull, ORG/NAME[@REVISION]",
        "list, --json",
    })
    void everyVerbListsItsOptionsWithinATerminalsWidth(String verb, String words) {
        Cli.Result result = cairn(verb, "--help");
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("Usage: cairn " + verb + " ")
                .contains(words.split(" ", -1))
                .contains("--help", "--verbose");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
        assertThat(cairn("help", verb).out()).isEqualTo(result.out());
    }
}
