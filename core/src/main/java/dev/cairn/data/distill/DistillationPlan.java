package dev.cairn.data.distill;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the text of each stage comes from, question by question: the data's gold text if
 * there is one; otherwise the teacher's text if the stage has an instruction for it; otherwise, at
 * the last stage, the data's answer.
 *
 * @param where the stack's file, for errors
 * @param tasks the stages in order
 * @param settings everything about the teacher that its texts depend on
 * @param samples texts per question and stage
 * @param tokens counts tokens as the stack's base does
 */
public record DistillationPlan(
        String where,
        List<DistillationTask> tasks,
        String settings,
        int samples,
        ToIntFunction<String> tokens) {

    public DistillationPlan {
        tasks = List.copyOf(tasks);
    }

    /** Whether a teacher has anything to do. */
    public boolean hasTeacher() {
        return tasks.stream().anyMatch(task -> task.instruction() != null);
    }

    /**
     * The chains of a question: one per sample, or a single one when a teacher writes none of its
     * texts.
     */
    Stream<Chain> chains(Question question, Answers answers) {
        Chain first = chain(question, 0, answers);
        boolean isTaught =
                tasks.stream().anyMatch(l -> l.instruction() != null && gold(question, l) == null);
        return isTaught
                ? Stream.concat(
                        Stream.of(first),
                        IntStream.range(1, samples).mapToObj(s -> chain(question, s, answers)))
                : Stream.of(first);
    }

    /**
     * Takes one sample of a question through the stages as far as its texts go.
     *
     * @throws CairnException when a stage has neither gold text nor instruction
     */
    Chain chain(Question question, int sample, Answers answers) {
        Map<String, String> texts = question.texts();
        Map<String, String> stages = new LinkedHashMap<>(question.stages());
        List<Chain.Visit> visits = new ArrayList<>();
        DistillationTask tooLong = tooLong(question);
        if (tooLong != null) {
            return new Chain(question, sample, stages, visits, tooLong(tooLong));
        }
        for (DistillationTask task : tasks) {
            String text = given(question, task);
            if (text == null && task.instruction() == null) {
                continue;
            }
            if (text == null) {
                Chain.Visit visit = visit(question, sample, task, texts, answers);
                visits.add(visit);
                text = visit.text();
                if (text == null) {
                    return new Chain(question, sample, stages, visits, next(visit, task));
                }
            }
            texts.put(task.stage(), text);
            stages.put(task.stage(), text);
        }
        // If a teacher writes the last stage, its text is the answer, whatever the data say.
        String answer =
                tasks.getLast().instruction() == null
                        ? question.answer()
                        : stages.get(tasks.getLast().stage());
        Chain.State complete =
                new Chain.State.Complete(
                        question.sample(sample, Objects.requireNonNull(answer), stages));
        return new Chain(question, sample, stages, visits, complete);
    }

    private static @Nullable String gold(Question question, DistillationTask task) {
        return question.stages().get(task.stage());
    }

    /** A stage whose text in the data is too long; checked before the teacher is asked. */
    private @Nullable DistillationTask tooLong(Question question) {
        for (DistillationTask task : tasks) {
            String text = given(question, task);
            if (text != null && tokens.applyAsInt(text) > task.maxTokens()) {
                return task;
            }
        }
        return null;
    }

    private static Chain.State tooLong(DistillationTask task) {
        return new Chain.State.SetAside(
                task.stage(),
                "a text in the data has more than the %d tokens that fit into sequence_len"
                        .formatted(task.maxTokens()));
    }

    /** The text that needs no teacher; null if there is none. */
    private @Nullable String given(Question question, DistillationTask task) {
        String gold = gold(question, task);
        if (gold != null || task.instruction() != null) {
            return gold;
        }
        if (task.equals(tasks.getLast())) {
            return question.answer();
        }
        if (!hasTeacher()) {
            return null; // only a template that uses the text will miss it
        }
        throw new CairnException(
                "%s: stage %s: question %s has no text for it; add a teach to the stage that tells a teacher what to write"
                        .formatted(where, task.stage(), question.id()));
    }

    private Chain.Visit visit(
            Question question,
            int sample,
            DistillationTask task,
            Map<String, String> texts,
            Answers answers) {
        String prompt = Objects.requireNonNull(task.instruction()).render(texts);
        String key = Request.key(question.id(), sample, task.stage(), prompt, settings);
        List<Chain.Judged> replies = new ArrayList<>();
        List<Chain.Failure> failures = new ArrayList<>();
        for (Exchange exchange : answers.to(key)) {
            switch (exchange.outcome()) {
                case Outcome.Reply reply ->
                        replies.add(judged(reply, task, question, exchange.seconds()));
                case Outcome.Failed failed ->
                        failures.add(new Chain.Failure(failed.reason(), exchange.seconds()));
            }
        }
        String text =
                replies.stream()
                        .filter(judged -> judged.breach().isEmpty())
                        .map(judged -> judged.reply().text().strip())
                        .findFirst()
                        .orElse(null);
        Request request =
                new Request(key, question.id(), sample, task.stage(), replies.size(), prompt);
        return new Chain.Visit(request, replies, failures, text);
    }

    private Chain.Judged judged(
            Outcome.Reply reply, DistillationTask task, Question question, double seconds) {
        Optional<String> breach = Verdict.against(reply, task, question.input(), tokens);
        return new Chain.Judged(reply, breach, seconds);
    }

    private static Chain.State next(Chain.Visit visit, DistillationTask task) {
        return visit.replies().size() > task.contract().retries()
                ? new Chain.State.SetAside(task.stage(), "every text of the teacher was rejected")
                : new Chain.State.Ask(visit.request());
    }

    /**
     * The texts of a question's stages that exist so far, by stage: those in the data and the first
     * sample of the teacher's.
     *
     * @throws CairnException when a stage has neither gold text nor instruction
     */
    public Map<String, String> texts(Question question, Answers answers) {
        return chain(question, 0, answers).texts();
    }

    /** The stages of a chain for which the teacher has still to be asked. */
    List<DistillationTask> missing(Chain chain) {
        return chain.state() instanceof Chain.State.Ask
                ? tasks.stream()
                        .filter(task -> task.instruction() != null)
                        .filter(task -> !chain.texts().containsKey(task.stage()))
                        .toList()
                : List.of();
    }

    /** The prompt of a stage; where an earlier stage has no text yet, it shows the stage's name. */
    String preview(Chain chain, DistillationTask task) {
        Map<String, String> texts = chain.question().texts();
        tasks.forEach(t -> texts.putIfAbsent(t.stage(), "<" + t.stage() + ">"));
        texts.putAll(chain.texts());
        return Objects.requireNonNull(task.instruction()).render(texts);
    }

    /**
     * The questions that have a text at every stage, one per sample.
     *
     * @param withoutText number of chains without a text that may still come
     * @param setAside number of chains without a text that will not come, by stage and reason
     */
    public record Taught(
            List<Question> questions, int withoutText, SortedMap<String, Integer> setAside) {}

    /** Collects what there is to learn from. */
    public Taught taught(List<Question> questions, Answers answers) {
        List<Question> complete = new ArrayList<>();
        int withoutText = 0;
        SortedMap<String, Integer> setAside = new TreeMap<>();
        for (Chain chain : questions.stream().flatMap(q -> chains(q, answers)).toList()) {
            switch (chain.state()) {
                case Chain.State.Complete(Question question) -> complete.add(question);
                case Chain.State.Ask ask -> withoutText++;
                case Chain.State.SetAside aside ->
                        setAside.merge(aside.toString(), 1, Integer::sum);
            }
        }
        return new Taught(List.copyOf(complete), withoutText, setAside);
    }
}
