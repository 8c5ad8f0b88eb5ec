package dev.cairn.data.distill;

import dev.cairn.data.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A summary of all requests made with the present prompts and settings, in this run and in earlier
 * ones.
 *
 * @param stages the stages that a teacher writes, in order
 * @param complete chains with a text at every stage
 * @param setAside chains with a stage that has no text it could learn, by stage and reason
 * @param missing chains that are still waiting for a text
 */
public record Summary(
        List<Stage> stages, int complete, Map<String, Integer> setAside, int missing) {
    public Summary {
        stages = List.copyOf(stages);
    }

    /**
     * One stage.
     *
     * @param asked requests, including those without an answer
     * @param kept texts that keep the contract
     * @param rejected texts that break it, by what is wrong with them
     * @param failed requests without an answer, by the reason
     * @param inputTokens of all requests, as the teacher counts them
     * @param outputTokens likewise
     * @param seconds sum over all requests, though they may have run at the same time
     */
    public record Stage(
            String name,
            int asked,
            int kept,
            Map<String, Integer> rejected,
            Map<String, Integer> failed,
            long inputTokens,
            long outputTokens,
            double seconds) {}

    /** All chains: one per sample of a question. */
    public int chains() {
        return complete + missing + setAside.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The most common reason why a request had no answer; empty when all had one. */
    public String commonestFailure() {
        return stages.stream()
                .flatMap(stage -> stage.failed().entrySet().stream())
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
    }

    /** Counts the chains of {@code questions}. */
    public static Summary of(DistillationPlan plan, List<Question> questions, Answers answers) {
        Map<String, Tally> tallies = new LinkedHashMap<>();
        for (DistillationTask task : plan.tasks()) {
            if (task.instruction() != null) {
                tallies.put(task.stage(), new Tally());
            }
        }
        int complete = 0;
        Map<String, Integer> setAside = new TreeMap<>();
        int missing = 0;
        for (Question question : questions) {
            for (Chain chain : plan.chains(question, answers).toList()) {
                chain.visits().forEach(visit -> tally(tallies, visit));
                switch (chain.state()) {
                    case Chain.State.Complete done -> complete++;
                    case Chain.State.Ask ask -> missing++;
                    case Chain.State.SetAside aside ->
                            setAside.merge(aside.toString(), 1, Integer::sum);
                }
            }
        }
        List<Stage> stages = new ArrayList<>();
        tallies.forEach((name, tally) -> stages.add(tally.stage(name)));
        return new Summary(stages, complete, setAside, missing);
    }

    private static void tally(Map<String, Tally> tallies, Chain.Visit visit) {
        Tally tally = Objects.requireNonNull(tallies.get(visit.request().stage()));
        tally.kept += visit.text() == null ? 0 : 1;
        visit.replies().forEach(tally::add);
        visit.failures().forEach(tally::add);
    }

    private static final class Tally {
        private int asked;
        private int kept;
        private long inputTokens;
        private long outputTokens;
        private double seconds;
        private final Map<String, Integer> rejected = new TreeMap<>();
        private final Map<String, Integer> failed = new TreeMap<>();

        void add(Chain.Judged judged) {
            asked++;
            inputTokens += judged.reply().inputTokens();
            outputTokens += judged.reply().outputTokens();
            seconds += judged.seconds();
            judged.breach().ifPresent(breach -> rejected.merge(breach, 1, Integer::sum));
        }

        void add(Chain.Failure failure) {
            asked++;
            seconds += failure.seconds();
            failed.merge(failure.reason(), 1, Integer::sum);
        }

        Stage stage(String name) {
            return new Stage(
                    name, asked, kept, rejected, failed, inputTokens, outputTokens, seconds);
        }
    }
}
