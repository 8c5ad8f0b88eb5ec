package dev.cairn.data.curriculum;

import dev.cairn.data.Document;
import dev.cairn.data.stories.Pick;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The form in which one document asks and answers: with labels or without, with written steps or
 * without. No label is one that the stages of questions use.
 *
 * @param asked label of a question, or empty
 * @param quoted label of the lines that decide the answer
 * @param concluded label of the steps
 * @param answered label of the answer, or empty
 */
record Quiz(String asked, String quoted, String concluded, String answered) {
    private static final List<String> ASKED =
            List.of("Q: ", "Question: ", "Asked: ", "Task: ", "To find: ", "");
    private static final List<String> QUOTED =
            List.of("Text: ", "Found: ", "Quote: ", "It says: ", "Lines: ", "Read: ");
    private static final List<String> CONCLUDED =
            List.of("So: ", "Thus: ", "Thinking: ", "Steps: ", "Then: ");
    private static final List<String> ANSWERED =
            List.of("A: ", "Reply: ", "Result: ", "Solution: ", "= ", "");

    static Quiz any(SplittableRandom random) {
        return new Quiz(
                Pick.one(ASKED, random),
                Pick.one(QUOTED, random),
                Pick.one(CONCLUDED, random),
                Pick.one(ANSWERED, random));
    }

    /**
     * The text, then the problems, each with a random choice of the parts of its solution. The text
     * is given.
     */
    Document write(Sheet sheet, SplittableRandom random) {
        var parts = new ArrayList<String>();
        if (!sheet.again().isEmpty()) {
            parts.add(sheet.again());
        }
        for (Problem problem : sheet.problems()) {
            parts.add(write(problem, random));
        }
        String learnt = String.join("\n", parts);
        return sheet.text().isEmpty()
                ? Document.of(learnt)
                : new Document(sheet.text(), "\n" + learnt);
    }

    private String write(Problem problem, SplittableRandom random) {
        boolean quotes = !problem.quotes().isEmpty() && random.nextInt(5) < 3;
        boolean steps = !problem.steps().isEmpty() && random.nextInt(5) < 2;
        // The lines that decide are a task of their own.
        boolean onlyQuotes = quotes && !steps && random.nextInt(3) == 0;
        var to = new StringBuilder(asked).append(problem.question());
        if (quotes) {
            to.append('\n').append(quoted).append(String.join(" ", problem.quotes()));
        }
        if (steps) {
            to.append('\n').append(concluded).append(String.join(" ", problem.steps()));
        }
        if (!onlyQuotes) {
            to.append('\n').append(answered).append(problem.answer());
        }
        return to.toString();
    }
}
