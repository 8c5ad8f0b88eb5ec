package dev.cairn.cli;

import dev.cairn.cli.option.JsonOption;
import dev.cairn.cli.option.NamedModels;
import dev.cairn.cli.option.QuantOption;
import dev.cairn.stack.engine.ModelScorer;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn score}: computes the log-likelihood of a continuation. */
@Command(
        name = "score",
        description = "Show how probable a model finds a continuation, token by token.")
final class Score implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description =
                    "A Hugging Face model directory, a GGUF file, or ORG/NAME[@REVISION][:FILE] on the hub.")
    private String model = "";

    @Option(
            names = "--context",
            paramLabel = "TEXT",
            description = "The text before; default: the beginning-of-text token.")
    private @Nullable String context;

    @Option(names = "--continuation", paramLabel = "TEXT", description = "The text to score.")
    private @Nullable String continuation;

    @Option(
            names = "--context-tokens",
            paramLabel = "IDS",
            description =
                    "Like --context, as comma-separated token ids; default: the first token of the continuation.")
    private @Nullable String contextTokens;

    @Option(
            names = "--continuation-tokens",
            paramLabel = "IDS",
            description = "Like --continuation, as token ids.")
    private @Nullable String continuationTokens;

    @Mixin private JsonOption json = new JsonOption();
    @Mixin private QuantOption quant = new QuantOption();

    @Override
    public Integer call() {
        if (continuation != null && continuationTokens == null && contextTokens == null) {
            String before = context == null ? "" : context;
            print(open().score(before, continuation));
        } else if (continuationTokens != null && continuation == null && context == null) {
            int[] before = ids("--context-tokens", contextTokens == null ? "" : contextTokens);
            int[] after = ids("--continuation-tokens", continuationTokens);
            print(open().score(before, after));
        } else {
            throw new ParameterException(
                    spec.commandLine(),
                    "expected --continuation, with or without --context, or --continuation-tokens, with or without --context-tokens");
        }
        return 0;
    }

    private ModelScorer open() {
        return ModelScorer.open(NamedModels.finder().find(model).directory(), quant.format());
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
        if (json.isWanted()) {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("tokens", score.tokens());
            map.put("token_logprobs", score.tokenLogprobs());
            map.put("sum_logprob", score.sumLogprob());
            map.put("is_greedy", score.isGreedy());
            map.put("truncated_tokens", score.truncatedTokens());
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
