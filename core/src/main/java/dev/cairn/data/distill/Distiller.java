package dev.cairn.data.distill;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.support.CircuitBreaker;
import dev.cairn.support.ParallelTasks;
import dev.cairn.text.Answerer;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;

/** Asks a teacher for the missing texts, several chains at a time, each stage by stage. */
public final class Distiller {
    /** This many failures in a row mean that there is no teacher. */
    private static final int MAX_FAILURES = 10;

    private final DistillationPlan plan;
    private final TeacherFile file;
    private final LongFunction<Answerer> teacher;
    private final long seed;
    private final Progress progress;
    private final CircuitBreaker breaker = new CircuitBreaker(MAX_FAILURES);
    private int asked;
    private int done;
    private int failed;

    /** Receives the progress, never from two threads at once. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Called after every request and every chain.
         *
         * @param done chains that are complete, set aside or failed
         * @param failed how many of these failed
         * @param asked requests in this run
         */
        void update(int done, int failed, int asked);
    }

    /**
     * * Creates a distiller.
     *
     * @param file receives every answer before it is used
     * @param teacher returns the teacher for a seed; called from several threads
     * @param seed of the first sample's first answer
     */
    public Distiller(
            DistillationPlan plan,
            TeacherFile file,
            LongFunction<Answerer> teacher,
            long seed,
            Progress progress) {
        this.plan = plan;
        this.file = file;
        this.teacher = teacher;
        this.seed = seed;
        this.progress = progress;
    }

    /**
     * Asks until every chain is complete, set aside or failed. The next run tries failed chains
     * again.
     *
     * @param concurrency number of chains at the same time
     * @return how many requests were made
     * @throws CairnException when the teacher does not answer ten times in a row, or an answer
     *     cannot be written; earlier answers are in the file
     */
    public int run(List<Question> questions, int concurrency) {
        // Chains that failed before come last; otherwise a few that always fail would end every
        // run.
        List<Chain> chains =
                questions.stream()
                        .flatMap(q -> plan.chains(q, file.answers()))
                        .sorted(Comparator.comparingInt(Chain::failures))
                        .toList();
        ParallelTasks.on(concurrency, "distill")
                .forEach(
                        chains,
                        this::lead,
                        done -> "interrupted; the answers so far are in the file");
        return asked;
    }

    /** Takes a chain to its end, or to a failure. */
    private void lead(Chain chain) {
        Chain now = chain;
        while (now.state() instanceof Chain.State.Ask(Request request)) {
            if (!isAnswered(request)) {
                end(true);
                return;
            }
            now = plan.chain(chain.question(), chain.sample(), file.answers());
        }
        end(false);
    }

    private boolean isAnswered(Request request) {
        breaker.throwIfOpen();
        long start = System.nanoTime();
        Outcome outcome;
        try {
            outcome = Outcome.Reply.of(teacher.apply(request.seed(seed)).answer(request.prompt()));
        } catch (CairnException e) {
            breaker.throwIfOpen(); // otherwise an interrupted request would count as a failed one
            outcome = new Outcome.Failed(String.valueOf(e.getMessage()));
        }
        add(new Exchange(request, outcome, (System.nanoTime() - start) / 1e9));
        count(outcome);
        return outcome instanceof Outcome.Reply;
    }

    private void add(Exchange exchange) {
        try {
            file.add(exchange);
        } catch (CairnException e) {
            throw breaker.open(e);
        }
    }

    private synchronized void count(Outcome outcome) {
        asked++;
        progress.update(done, failed, asked);
        switch (outcome) {
            case Outcome.Reply reply -> breaker.succeeded();
            case Outcome.Failed(String reason) ->
                    breaker.failed(inARow ->
                            new CairnException(
                                    "the teacher failed %d times in a row; the last failure: %s; earlier answers are kept, run again to continue"
                                            .formatted(inARow, reason)));
        }
    }

    private synchronized void end(boolean isFailure) {
        done++;
        failed += isFailure ? 1 : 0;
        progress.update(done, failed, asked);
    }
}
