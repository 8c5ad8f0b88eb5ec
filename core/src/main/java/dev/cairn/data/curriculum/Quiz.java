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
     * A text and problems about it. What nobody can foresee of it is given; what follows is learnt.
     * In two cases of three the document begins with a question, and the text is read with it in
     * mind.
     */
    Document write(Sheet sheet, SplittableRandom random) {
        if (sheet.text().isEmpty()) {
            return Document.of(problems(sheet, random));
        }
        boolean asksFirst =
                random.nextInt(3) > 0 && sheet.again().isEmpty() && !sheet.problems().isEmpty();
        return asksFirst
                ? questionFirst(sheet, random)
                : new Document(sheet.text(), "\n" + problems(sheet, random));
    }

    /**
     * One problem alone: with several, the text would be read with more than one in mind. Lines
     * that are found already may stand before the text, too; then the next ones are to be found.
     */
    private Document questionFirst(Sheet sheet, SplittableRandom random) {
        Problem problem = Pick.one(sheet.problems(), random);
        int found = problem.quotes().isEmpty() ? 0 : random.nextInt(problem.quotes().size());
        var given = new StringBuilder(asked).append(problem.question()).append('\n');
        if (found > 0) {
            given.append(quoted(problem.quotes().subList(0, found))).append('\n');
        }
        return new Document(
                given.append(sheet.text()).toString(), solution(problem.after(found), random));
    }

    /** What returns of the text, then all problems, a part per line. */
    private String problems(Sheet sheet, SplittableRandom random) {
        var parts = new ArrayList<String>();
        if (!sheet.again().isEmpty()) {
            parts.add(sheet.again());
        }
        for (Problem problem : sheet.problems()) {
            parts.add(asked + problem.question() + solution(problem, random));
        }
        return String.join("\n", parts);
    }

    /** A random choice of a solution's parts, each on a line of its own. */
    private String solution(Problem problem, SplittableRandom random) {
        boolean quotes = !problem.quotes().isEmpty() && random.nextInt(5) < 4;
        boolean steps = !problem.steps().isEmpty() && random.nextInt(5) < 2;
        // The lines that decide are a task of their own.
        boolean onlyQuotes = quotes && !steps && random.nextInt(3) == 0;
        var to = new StringBuilder();
        if (quotes) {
            to.append('\n').append(quoted(problem.quotes()));
        }
        if (steps) {
            to.append('\n').append(concluded).append(String.join(" ", problem.steps()));
        }
        if (!onlyQuotes) {
            to.append('\n').append(answered).append(problem.answer());
        }
        return to.toString();
    }

    private String quoted(List<String> lines) {
        return quoted + String.join(" ", lines);
    }
}
