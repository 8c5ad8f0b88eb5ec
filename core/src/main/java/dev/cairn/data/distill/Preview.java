package dev.cairn.data.distill;

import dev.cairn.data.Question;
import java.util.ArrayList;
import java.util.List;

/**
 * A preview of what a teacher will be asked. A text that it has not written yet appears as its
 * stage's name in angle brackets.
 *
 * @param requests requests still to be made if every text keeps its contract at the first attempt
 * @param inputTokens of these, as the stack's base counts them
 * @param outputTokens upper limit for their answers
 */
public record Preview(List<Prompt> prompts, long requests, long inputTokens, long outputTokens) {
    /** One prompt. */
    public record Prompt(String example, String stage, String text) {}

    /**
     * * Makes a preview.
     *
     * @param shown number of questions whose prompts are shown
     * @param maxTokens maximum tokens of an answer
     */
    public static Preview of(
            DistillationPlan plan,
            List<Question> questions,
            Answers answers,
            int shown,
            int maxTokens) {
        List<Prompt> prompts = new ArrayList<>();
        long requests = 0;
        long input = 0;
        long output = 0;
        for (int i = 0; i < questions.size(); i++) {
            for (Chain chain : plan.chains(questions.get(i), answers).toList()) {
                for (DistillationTask task : plan.missing(chain)) {
                    String prompt = plan.preview(chain, task);
                    Integer limit = task.contract().maxTokens();
                    requests++;
                    input += plan.tokens().applyAsInt(prompt);
                    output += limit == null ? maxTokens : Math.min(limit, maxTokens);
                    if (i < shown && chain.sample() == 0) {
                        prompts.add(new Prompt(chain.question().id(), task.stage(), prompt));
                    }
                }
            }
        }
        return new Preview(List.copyOf(prompts), requests, input, output);
    }
}
