package dev.cairn.cli;

import dev.cairn.stack.ModelScorer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn score}: the log-likelihood of a continuation. */
@Command(
        name = "score",
        description = "Says how probable a model finds a continuation, token by token.")
final class Score implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "A Hugging Face model directory.")
    private Path model = Path.of("");

    @ArgGroup(multiplicity = "1")
    private What what = new What();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    private static final class What {
        @ArgGroup(exclusive = false)
        private @Nullable Texts texts;

        @ArgGroup(exclusive = false)
        private @Nullable Tokens tokens;
    }

    private static final class Texts {
        @Option(
                names = "--context",
                paramLabel = "TEXT",
                defaultValue = "",
                description = "What comes before; without it the first token stands for it.")
        private String context = "";

        @Option(
                names = "--continuation",
                required = true,
                paramLabel = "TEXT",
                description = "What is scored.")
        private String continuation = "";
    }

    private static final class Tokens {
        @Option(
                names = "--context-tokens",
                paramLabel = "IDS",
                defaultValue = "",
                description = "Like --context, as token ids separated by commas.")
        private String context = "";

        @Option(
                names = "--continuation-tokens",
                required = true,
                paramLabel = "IDS",
                description = "Like --continuation, as token ids.")
        private String continuation = "";
    }

    @Override
    public Integer call() {
        ModelScorer scorer = ModelScorer.open(model);
        print(score(scorer));
        return 0;
    }

    private dev.cairn.text.Score score(ModelScorer scorer) {
        if (what.texts != null) {
            return scorer.score(what.texts.context, what.texts.continuation);
        }
        Tokens tokens = Objects.requireNonNull(what.tokens);
        return scorer.score(
                ids("--context-tokens", tokens.context),
                ids("--continuation-tokens", tokens.continuation));
    }

    private int[] ids(String option, String text) {
        String[] words = text.isBlank() ? new String[0] : text.split(",", -1);
        int[] ids = new int[words.length];
        for (int i = 0; i < ids.length; i++) {
            try {
                ids[i] = Integer.parseInt(words[i].strip());
            } catch (NumberFormatException e) {
                throw new ParameterException(
                        spec.commandLine(),
                        "%s: expected token ids such as 1,2,3, found '%s'"
                                .formatted(option, words[i]),
                        e);
            }
        }
        return ids;
    }

    private void print(dev.cairn.text.Score score) {
        if (json) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("tokens", score.tokens());
            map.put("token_logprobs", score.tokenLogprobs());
            map.put("sum_logprob", score.sumLogprob());
            map.put("is_greedy", score.isGreedy());
            System.out.println(JsonMapper.shared().writeValueAsString(map));
            return;
        }
        for (int i = 0; i < score.tokens().size(); i++) {
            System.out.printf(
                    Locale.ROOT,
                    "%8d %10.4f%n",
                    score.tokens().get(i),
                    score.tokenLogprobs().get(i));
        }
        System.out.printf(
                Locale.ROOT,
                "sum %.4f over %d tokens; %s%n",
                score.sumLogprob(),
                score.tokens().size(),
                score.isGreedy()
                        ? "each is the most probable one"
                        : "not every one is the most probable");
    }
}
