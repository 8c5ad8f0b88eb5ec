package dev.cairn.eval.run;

import dev.cairn.CairnException;
import dev.cairn.eval.task.Candidate;
import dev.cairn.eval.task.ChoiceItem;
import dev.cairn.eval.task.ItemScores;
import dev.cairn.eval.task.TaskItem;
import dev.cairn.eval.task.WritingItem;
import dev.cairn.text.Answer;
import dev.cairn.text.Loglikelihood;
import dev.cairn.text.Score;
import dev.cairn.text.StageTrace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks a system one item. */
final class Asking {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ModelUnderTest model;
    private final List<StageTrace> stages = new ArrayList<>();
    private int promptTokens;
    private int truncatedTokens;

    Asking(ModelUnderTest model) {
        this.model = model;
    }

    /**
     * Asks the item. An instance can be used only once.
     *
     * @throws CairnException if the system fails or gives no valid answer
     */
    Sample ask(TaskItem item, TaskRun.Metrics metrics) {
        long start = System.nanoTime();
        long cpuStart = THREADS.getCurrentThreadCpuTime();
        ItemScores scores =
                switch (item) {
                    case ChoiceItem choice -> likelihoods(choice);
                    case WritingItem writing -> written(writing);
                };
        double cpuMillis = (THREADS.getCurrentThreadCpuTime() - cpuStart) / NANOS_PER_MILLI;
        double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
        return Sample.of(
                item, ModelOutput.of(scores), metrics.of(item, scores), effort(millis, cpuMillis));
    }

    private Effort effort(double millis, double cpuMillis) {
        return new Effort(
                millis,
                cpuMillis,
                promptTokens + stages.stream().mapToInt(trace -> trace.tokens().prompt()).sum(),
                stages.stream().mapToInt(trace -> trace.tokens().completion()).sum(),
                truncatedTokens
                        + stages.stream().mapToInt(trace -> trace.tokens().truncated()).sum(),
                stages);
    }

    /** Scores candidates with the same context together, so that the context is read only once. */
    private ItemScores.Likelihoods likelihoods(ChoiceItem item) {
        Map<String, List<Candidate>> byContext = new LinkedHashMap<>();
        for (Candidate candidate : item.candidates()) {
            byContext
                    .computeIfAbsent(candidate.context(), context -> new ArrayList<>())
                    .add(candidate);
        }
        Map<Candidate, Score> scores = new LinkedHashMap<>();
        byContext.forEach((context, candidates) -> scores.putAll(judged(context, candidates)));
        return new ItemScores.Likelihoods(
                item.candidates().stream().map(candidate -> known(scores, candidate)).toList());
    }

    private Map<Candidate, Score> judged(String context, List<Candidate> candidates) {
        Loglikelihood likelihoods =
                model.scorer()
                        .loglikelihood(
                                context, candidates.stream().map(Candidate::continuation).toList());
        stages.addAll(likelihoods.stages());
        promptTokens += likelihoods.promptTokens() - likelihoods.truncatedTokens();
        truncatedTokens += likelihoods.truncatedTokens();
        Map<Candidate, Score> scores = new LinkedHashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            scores.put(candidates.get(i), likelihoods.scores().get(i));
        }
        return scores;
    }

    /** Rejects NaN, which would silently lose every comparison. */
    private static Score known(Map<Candidate, Score> scores, Candidate candidate) {
        Score score = scores.get(candidate);
        if (score == null || Double.isNaN(score.sumLogprob())) {
            throw new CairnException(
                            "the log-likelihood of the choice '%s' is not a number; check the weights and their format for overflow"
                                    .formatted(candidate.choice()))
                    .suggesting("format");
        }
        return score;
    }

    private ItemScores.Written written(WritingItem item) {
        Answer answer =
                model.writer().writing(item.maxTokens(), item.until()).answer(item.prompt());
        stages.addAll(answer.stages());
        return new ItemScores.Written(cut(answer.text(), item.until()));
    }

    /**
     * Cuts the answer at a stop text, because not every system supports all of a task's stop texts.
     */
    private static String cut(String text, List<String> until) {
        int end = text.length();
        for (String stop : until) {
            int at = text.indexOf(stop);
            end = at < 0 ? end : Math.min(end, at);
        }
        return text.substring(0, end);
    }
}
