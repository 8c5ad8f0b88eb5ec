package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.config.WeightFormat;
import dev.cairn.generate.PrefixCache;
import dev.cairn.model.CausalLm;
import dev.cairn.model.Models;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.engine.OpenBase;
import dev.cairn.stack.engine.PlainModel;
import dev.cairn.stack.engine.StackOpener;
import dev.cairn.text.Answer;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.DecodingRequest;
import dev.cairn.text.completion.RequestException;
import dev.cairn.text.template.TemplateVariables;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a model or a stack. A model reads it through its chat template, a stack as
 * one text, as behind a server. What was read for one turn is not read again for the next.
 *
 * <p>Where the history and an answer no longer fit into the context window together, the oldest
 * exchanges are left out, down to half of the room, so that not every further turn has to read
 * everything anew. Not thread-safe.
 */
public final class Conversation {
    /** The default limit of a model's answer, in tokens. */
    public static final int MAX_TOKENS = 512;

    private static final int SHARE_OF_HEAP = 4;

    private final ServedOnBase model;
    private final String last;
    private final int maxTokens;
    private final @Nullable ChatMessage system;
    private final TemplateVariables variables;
    private final List<ChatMessage> turns = new ArrayList<>();

    private Conversation(
            ServedOnBase model,
            String last,
            int maxTokens,
            @Nullable String system,
            TemplateVariables variables) {
        this.model = model;
        this.last = last;
        this.maxTokens = maxTokens;
        this.variables = variables;
        this.system = system == null ? null : new ChatMessage("system", system);
    }

    /**
     * Opens a model, which answers with at most {@link #MAX_TOKENS} tokens, or half its context
     * window, unless asked for another number.
     *
     * @param adapter a PEFT directory; null for the model alone
     * @param system the system message; null for none
     * @param variables what the chat template reads beside the conversation
     * @throws CairnException if the model is missing or broken, or it is given a system message but
     *     has no chat template
     */
    public static Conversation ofModel(
            ModelFinder.Found model,
            @Nullable Path adapter,
            @Nullable String system,
            TemplateVariables variables,
            WeightFormat format) {
        OpenBase base = open(model.directory(), format);
        int maxTokens = Math.min(MAX_TOKENS, base.window() / 2);
        StackConfig plain =
                PlainModel.ofText(
                        model, adapter, DecodingConfig.DEFAULT.withMaxNewTokens(maxTokens));
        ServedBase served =
                ServedBase.of(plain, opener(plain, plain.outputDir()).open(base).getFirst(), base);
        if (system != null && served.template() == null) {
            throw new CairnException(
                            model.directory()
                                    + ": has no chat template and so cannot take a system message; leave it out")
                    .suggesting("system");
        }
        return new Conversation(served, last(plain), maxTokens, system, variables);
    }

    /**
     * Opens a stack. Its last stage writes no more than its own limit.
     *
     * @param outputDir folder of the trained adapters, one subfolder per stage
     * @throws CairnException if a model or an adapter is missing, or they do not fit together
     */
    public static Conversation ofStack(StackConfig config, Path outputDir, WeightFormat format) {
        OpenBase base = open(config.baseModel(), format);
        Stack stack = new Stack(config, opener(config, outputDir).open(base));
        int maxTokens = config.stages().getLast().decoding().maxNewTokens();
        return new Conversation(
                ServedStack.of(stack, base), last(config), maxTokens, null, TemplateVariables.NONE);
    }

    private static OpenBase open(Path directory, WeightFormat format) {
        CausalLm model = Models.open(directory, format);
        long window = model.cacheBytes(model.config().maxPositions());
        return new OpenBase(
                model,
                Tokenizer.load(directory),
                PrefixCache.ofBytes(
                        Math.min(2 * window, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP)),
                null);
    }

    private static String last(StackConfig config) {
        return config.stages().getLast().name();
    }

    private static StackOpener opener(StackConfig config, Path outputDir) {
        return new StackOpener(config, outputDir, Clock.systemDefaultZone());
    }

    /**
     * An answer.
     *
     * @param dropped how many of the oldest messages were left out, for good, to make room
     */
    public record Reply(Answer answer, int dropped) {}

    /**
     * Says something and waits for the answer. A cancelled answer stays in the history as far as it
     * was written; without a word of an answer, the history stays as it was.
     *
     * @param request settings for this answer
     * @param listener receives the answer as it becomes final
     * @param cancellation polled repeatedly; cancels the answer by throwing {@link
     *     CancellationException}, which is passed on
     * @throws CairnException if the text alone does not fit into the context window, or a setting
     *     is out of range
     */
    public Reply say(
            String text,
            DecodingRequest request,
            StageListener listener,
            Cancellation cancellation) {
        turns.add(new ChatMessage("user", text));
        StringBuilder written = new StringBuilder();
        String answer = "";
        int dropped = 0;
        try {
            dropped = tooMany(request);
            Completion completion =
                    model.complete(
                            new CompletionRequest(
                                    new CompletionRequest.Input.Chat(messages(dropped), variables),
                                    Map.of(),
                                    request,
                                    0,
                                    false),
                            collecting(listener, written),
                            cancellation);
            answer = completion.text();
            return new Reply(new Answer(answer, completion.stages()), dropped);
        } catch (CancellationException e) {
            answer = written.toString();
            throw e;
        } catch (RequestException e) {
            throw new CairnException(String.valueOf(e.getMessage()), e);
        } finally {
            remember(answer, dropped);
        }
    }

    private void remember(String answer, int dropped) {
        if (answer.isEmpty()) {
            turns.removeLast();
        } else {
            turns.subList(0, dropped).clear();
            turns.add(new ChatMessage("assistant", answer));
        }
    }

    /** Name of the stage that writes the answer. */
    public String last() {
        return last;
    }

    /** Forgets everything that was said, but for the system message. */
    public void clear() {
        turns.clear();
    }

    /** What was said and is remembered, in order, without the system message. */
    public List<ChatMessage> history() {
        return List.copyOf(turns);
    }

    private List<ChatMessage> messages(int dropped) {
        List<ChatMessage> all = new ArrayList<>();
        if (system != null) {
            all.add(system);
        }
        all.addAll(turns.subList(dropped, turns.size()));
        return all;
    }

    /** How many of the oldest messages have to be left out, questions with their answers. */
    private int tooMany(DecodingRequest request) {
        Integer asked = request.maxTokens();
        int window = model.base().window();
        int room = window - Math.min(asked == null ? maxTokens : asked, window / 2);
        if (model.promptTokens(messages(0), variables) <= room) {
            return 0;
        }
        int dropped = 0;
        while (dropped + 1 < turns.size()
                && model.promptTokens(messages(dropped), variables) > room / 2) {
            dropped += 2;
        }
        return dropped;
    }

    /** The same listener; the text of the last stage is collected too. */
    private StageListener collecting(StageListener listener, StringBuilder written) {
        return new StageListener() {
            @Override
            public void started(String stage, String prompt) {
                listener.started(stage, prompt);
            }

            @Override
            public void wrote(String stage, String text, List<TokenProbability> tokens) {
                if (stage.equals(last)) {
                    written.append(text);
                }
                listener.wrote(stage, text, tokens);
            }

            @Override
            public void finished(StageTrace trace) {
                listener.finished(trace);
            }
        };
    }
}
