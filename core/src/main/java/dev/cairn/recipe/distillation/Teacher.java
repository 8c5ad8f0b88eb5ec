package dev.cairn.recipe.distillation;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.remote.ApiKey;
import dev.cairn.remote.RemoteModel;
import dev.cairn.remote.RemoteSettings;
import dev.cairn.stack.Stack;
import dev.cairn.stack.config.DecodingConfig;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.TeacherConfig;
import dev.cairn.stack.engine.PlainModel;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;

/**
 * An open teacher.
 *
 * @param asking returns the teacher for a seed
 * @param concurrency useful number of concurrent requests
 */
record Teacher(LongFunction<Answerer> asking, int concurrency, Runnable end)
        implements AutoCloseable {

    /**
     * Opens the teacher of a stack.
     *
     * @param finder finds a teacher on this machine
     * @throws CairnException if it cannot be opened; the message names the stack's file
     */
    static Teacher open(StackConfig stack, ModelFinder finder) {
        try {
            String local = stack.teacher().local();
            return local == null
                    ? remote(stack.teacher())
                    : local(local(stack, local, finder), stack.teacher());
        } catch (CairnException e) {
            throw e.at(stack.file(), "teacher");
        }
    }

    private static Teacher remote(TeacherConfig config) {
        RemoteModel model =
                RemoteModel.open(
                        new RemoteSettings(
                                config.address(),
                                config.model(),
                                config.system(),
                                config.temperature(),
                                config.topP(),
                                config.maxTokens(),
                                Duration.ofSeconds(config.timeout()),
                                config.maxRetries(),
                                ApiKey.of(config.apiKeyEnv())));
        return new Teacher(model::asking, config.concurrency(), model::close);
    }

    private static Stack local(StackConfig stack, String name, ModelFinder finder) {
        TeacherConfig teacher = stack.teacher();
        Path path = stack.file().toAbsolutePath().resolveSibling(name).normalize();
        StackConfig config =
                StackConfig.isFile(name)
                        ? StackConfig.load(path, finder)
                        : PlainModel.of(
                                finder.find(name, path),
                                teacher.system(),
                                new DecodingConfig(
                                        teacher.maxTokens(),
                                        new SamplingParams(
                                                teacher.temperature(),
                                                0,
                                                teacher.topP(),
                                                0,
                                                1,
                                                teacher.seed()),
                                        List.of()));
        return Stack.open(config, config.outputDir());
    }

    private static Teacher local(Stack stack, TeacherConfig config) {
        return new Teacher(
                // One question per core, each on its own thread, is faster than one question on all
                // cores.
                seed ->
                        (input, onText) ->
                                ThreadPool.inline(
                                        () -> whole(stack.withSeed(seed).answer(input, onText))),
                Math.min(config.concurrency(), ThreadPool.threads()),
                () -> {});
    }

    /** Rejects an answer to a truncated prompt: the teacher has not read the whole instruction. */
    private static Answer whole(Answer answer) {
        int lost = answer.stages().stream().mapToInt(stage -> stage.tokens().truncated()).sum();
        if (lost > 0) {
            throw new CairnException(
                    "the prompt is %d tokens too long for the teacher's context window; shorten the instruction or lower max_tokens"
                            .formatted(lost));
        }
        return answer;
    }

    @Override
    public void close() {
        end.run();
    }
}
