package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
    @ParameterizedTest
    @CsvSource({
        "train, STACK.yaml --stage --output --resume",
        "run, STACK.yaml|MODEL INPUT --trace --json --set --output --system --max-tokens --temperature --top-k --top-p --min-p --repetition-penalty --seed --stop --locked",
        "chat, STACK.yaml|MODEL --trace --output --system --max-tokens --temperature --quant /clear /exit /help",
        "bench, MODEL --n-prompt --n-gen --parallel --train --repetitions --format --quant",
        "probe, MODEL --limit --json repeat recall last-line",
        "new, DIR --template --base steps distilled classification",
        "lock, STACK.yaml --output",
        "verify, STACK.yaml --output",
        "rm, ID --dry-run",
        "serve, STACK.yaml --output --quant --host --port --api-key-file --cors-origin --log-prompts --parallel --queue --max-tokens --timeout --kv-memory --locked --traces --no-traces --trace-days --otlp-endpoint",
        "eval, SYSTEM --tasks --num_fewshot --data --limit --output_path --log_samples --json --report --why --locked",
        "compare, DIR --json --report",
        "distill, STACK.yaml --dry-run --limit --json",
        "score, --model --context --continuation --context-tokens --continuation-tokens --json",
        "stories, FILE.jsonl --split --count --seed",
        "pretrain, CONFIG.yaml --output --resume",
        "pull, ORG/NAME[@REVISION]",
        "list, --json",
        "show, MODEL --json",
        "doctor, --json",
        "fuse, ADAPTER --output --base",
        "export, MODEL --gguf --output --base --stop",
        "import, FILE.gguf --output",
    })
    void aVerbListsItsParametersAndOptions(String verb, String words) {
        assertThat(cairn(verb, "--help").out())
                .startsWith("Usage: cairn " + verb + " ")
                .contains(words.split(" ", -1));
    }

    /** Of all verbs, those of the list above too. */
    static Set<String> verbs() {
        return Cairn.commandLine().getSubcommands().keySet();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbListsItsOptionsWithinATerminalsWidth(String verb) {
        Cli.Result result = cairn(verb, "--help");
        assertThat(result.status()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .containsPattern("(?m)^Usage: cairn " + verb + " ")
                .contains(options(verb))
                .contains("--help");
        assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void helpAboutAVerbIsItsOwnHelp(String verb) {
        Cli.Result result = cairn(verb, "--help");
        assertThat(cairn("help", verb).out()).isEqualTo(result.out());
    }

    @Test
    void theListOfVerbsNamesEach() {
        assertThat(cairn("--help").out().lines().map(line -> line.strip().split(" ")[0]))
                .containsAll(verbs());
    }

    /** The long names of a verb's options, whether they are shown or not. */
    private static List<String> options(String verb) {
        CommandLine command = requireNonNull(Cairn.commandLine().getSubcommands().get(verb));
        return command.getCommandSpec().options().stream().map(OptionSpec::longestName).toList();
    }
}
