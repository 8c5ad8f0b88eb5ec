package dev.cairn.stack;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.config.WeightFormat;
import dev.cairn.model.LoraAdapter;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.engine.StackOpener;
import dev.cairn.stack.engine.StackRun;
import dev.cairn.stack.engine.Stage;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import dev.cairn.text.StageListener;
import dev.cairn.text.StageTrace;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.DecodingRequest;
import dev.cairn.text.template.Prompt;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A stack of stages on one shared base. Each stage reads the input and the outputs of earlier
 * stages, and passes on plain text. Thread-safe.
 */
public final class Stack implements Answerer {
    private final StackConfig config;
    private final List<Stage> stages;

    Stack(StackConfig config, List<Stage> stages) {
        this.config = config;
        this.stages = stages;
    }

    /**
     * Opens the base and every stage's adapter.
     *
     * @param outputDir folder of the trained adapters, one subfolder per stage
     * @throws CairnException if a model or an adapter is missing, or they do not fit together
     */
    public static Stack open(StackConfig config, Path outputDir) {
        return open(config, outputDir, WeightFormat.AS_STORED);
    }

    /**
     * Opens a stack like {@link #open(StackConfig, Path)}, with the base's weights in the given
     * format.
     */
    public static Stack open(StackConfig config, Path outputDir, WeightFormat format) {
        return new Stack(
                config, new StackOpener(config, outputDir, Clock.systemDefaultZone()).open(format));
    }

    /**
     * Opens a stack as {@link #open(StackConfig, Path, WeightFormat)} does, for measuring: it
     * computes in float32 even where bfloat16 would be faster, so that machines agree.
     */
    public static Stack openForMeasuring(StackConfig config, Path outputDir, WeightFormat format) {
        return new Stack(
                config,
                new StackOpener(config, outputDir, Clock.systemDefaultZone())
                        .openForMeasuring(format));
    }

    /** The same stack, on the same weights, with another seed at every stage. */
    public Stack withSeed(long seed) {
        return new Stack(config, stages.stream().map(stage -> stage.withSeed(seed)).toList());
    }

    /**
     * The same stack, on the same weights, whose last stage stops at one of these texts or at its
     * own stop strings.
     *
     * @param maxNewTokens replaces the last stage's own limit
     * @throws CairnException if that many tokens leave no room for a prompt
     */
    public Stack writing(int maxNewTokens, List<String> until) {
        List<Stage> changed = new ArrayList<>(stages);
        changed.set(stages.size() - 1, stages.getLast().writing(maxNewTokens, until));
        return new Stack(config, changed);
    }

    /** The same stack, on the same weights, whose answer keeps the white space around it. */
    public Stack verbatim() {
        List<Stage> changed = new ArrayList<>(stages);
        changed.set(stages.size() - 1, stages.getLast().verbatim());
        return new Stack(config, changed);
    }

    /**
     * The same stack with the decoding settings of a request. They apply to the last stage, which
     * never writes more tokens than its own limit; a seed applies to all stages.
     *
     * @throws CairnException if a setting is out of range
     */
    public Stack asked(DecodingRequest request) {
        Long seed = request.sampling().seed();
        Stack seeded = seed == null ? this : withSeed(seed);
        List<Stage> changed = new ArrayList<>(seeded.stages);
        DecodingConfig own = changed.getLast().config().decoding();
        int maxTokens = own.maxNewTokens();
        if (request.maxTokens() != null) {
            maxTokens = Math.min(maxTokens, request.maxTokens());
        }
        changed.set(changed.size() - 1, changed.getLast().with(own.asked(request, maxTokens)));
        return new Stack(config, changed);
    }

    /** A stack of one stage and the stages it reads from. */
    Stack until(String name) {
        StageConfig last =
                config.stages().stream()
                        .filter(stage -> stage.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        List<StageConfig> kept = new ArrayList<>(config.upstreamOf(last));
        kept.add(last);
        return new Stack(
                config.withStages(kept),
                stages.stream().filter(stage -> kept.contains(stage.config())).toList());
    }

    public StackConfig config() {
        return config;
    }

    List<Stage> stages() {
        return stages;
    }

    @Override
    public Answer answer(String input, Consumer<String> onText) {
        String last = stages.getLast().config().name();
        return answer(
                input,
                Map.of(),
                new StageListener() {
                    @Override
                    public void wrote(String stage, String text, List<TokenProbability> tokens) {
                        if (stage.equals(last) && !text.isEmpty()) {
                            onText.accept(text);
                        }
                    }
                });
    }

    /** Number of parameters of all the stack's adapters. */
    public long adapterParameters() {
        return stages.stream()
                .map(stage -> stage.generator().adapter())
                .filter(Objects::nonNull)
                .distinct()
                .mapToLong(LoraAdapter::size)
                .sum();
    }

    /**
     * Answers like {@link #answer(String, Map, StageListener, Cancellation)}, without cancellation.
     */
    public Answer answer(String input, Map<String, String> edits, StageListener listener) {
        return answer(input, edits, listener, Cancellation.NONE);
    }

    /**
     * Answers with the outputs of some stages given by a person. A stage with an edit does not run;
     * later stages do. An earlier stage runs only if a stage that runs reads its output.
     *
     * @param edits text by stage name
     * @param cancellation polled repeatedly while a stage reads or writes
     * @throws CairnException if an edit names an unknown stage
     */
    public Answer answer(
            String input,
            Map<String, String> edits,
            StageListener listener,
            Cancellation cancellation) {
        return run(input, edits, listener, cancellation, 0).answer();
    }

    /**
     * Answers and keeps the answer's tokens.
     *
     * @param top how many of the most probable tokens to report beside each token of the answer
     */
    StackRun run(
            String input,
            Map<String, String> edits,
            StageListener listener,
            Cancellation cancellation,
            int top) {
        checkNames(edits.keySet());
        Set<String> wanted = wanted(edits.keySet());
        Map<String, String> texts = new HashMap<>();
        texts.put(StackConfig.INPUT, input);
        List<StageTrace> traces = new ArrayList<>();
        List<TokenProbability> tokens = List.of();
        for (Stage stage : stages) {
            String name = stage.config().name();
            if (wanted.contains(name)) {
                String edit = edits.get(name);
                boolean isLast = stage == stages.getLast();
                Stage.Output output =
                        edit == null
                                ? (isLast && isBaseInChat(stage.config())
                                                ? stage.verbatim()
                                                : stage)
                                        .run(texts, listener, cancellation, isLast ? top : 0)
                                : new Stage.Output(stage.edited(edit), List.of());
                listener.finished(output.trace());
                texts.put(name, output.trace().output());
                traces.add(output.trace());
                tokens = output.tokens();
            }
        }
        return new StackRun(new Answer(traces.getLast().output(), traces), tokens);
    }

    /**
     * Whether the base answers a conversation by itself. The white space around its answer is then
     * its own; that of a trained stage comes from the target it learnt.
     */
    private static boolean isBaseInChat(StageConfig stage) {
        return stage.adapter() instanceof StageConfig.Adapter.None
                && stage.prompt() instanceof Prompt.Chat;
    }

    private void checkNames(Set<String> edited) {
        List<String> names = config.stages().stream().map(StageConfig::name).toList();
        for (String name : edited) {
            if (!names.contains(name)) {
                throw new CairnException(
                        "%s: there is no stage %s to set; the stages are %s"
                                .formatted(config.file(), name, String.join(", ", names)));
            }
        }
    }

    /** The stages that contribute to the answer, given the edited ones. */
    private Set<String> wanted(Set<String> edited) {
        List<StageConfig> configs = config.stages();
        int firstEdit = firstEdit(edited);
        Set<String> wanted = new HashSet<>();
        Set<String> read = new HashSet<>();
        for (int i = configs.size() - 1; i >= 0; i--) {
            String name = configs.get(i).name();
            if (i >= firstEdit || read.contains(name)) {
                wanted.add(name);
                if (!edited.contains(name)) {
                    read.addAll(configs.get(i).prompt().variables());
                }
            }
        }
        return wanted;
    }

    /** Index of the first edited stage; 0 if there is none, so that everything runs. */
    private int firstEdit(Set<String> edited) {
        for (int i = 0; i < config.stages().size(); i++) {
            if (edited.contains(config.stages().get(i).name())) {
                return i;
            }
        }
        return 0;
    }
}
