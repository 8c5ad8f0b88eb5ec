package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.data.distill.Answers;
import dev.cairn.data.distill.Curriculum;
import dev.cairn.stack.StackConfig;
import dev.cairn.text.Tokenizer;
import java.util.List;

/** The questions a stack is trained on, with what its teacher wrote for them. */
final class Taught {
    private Taught() {}

    /**
     * Questions with a text at every stage; says on stderr how many have none.
     *
     * @throws CairnException when a stage has neither gold texts nor a teacher, or no question is
     *     complete yet
     */
    static List<Question> questions(StackConfig stack, Tokenizer tokenizer) {
        Curriculum curriculum = Teaching.of(stack, tokenizer);
        List<Question> all = Questions.toTrainOn(stack);
        Curriculum.Taught taught = curriculum.taught(all, Answers.read(stack.teacherFile()));
        if (taught.questions().isEmpty()) {
            throw new CairnException(
                    "%s: no question has a text at every stage (%d still wait for the teacher, %d set aside); write them with: cairn distill %s"
                            .formatted(
                                    stack.teacherFile(),
                                    taught.withoutText(),
                                    taught.setAside(),
                                    stack.file()));
        }
        if (taught.withoutText() + taught.setAside() > 0) {
            System.err.printf(
                    "%s: learning from %d questions; %d still wait for the teacher (cairn distill), %d were set aside%n",
                    stack.teacherFile(),
                    taught.questions().size(),
                    taught.withoutText(),
                    taught.setAside());
        }
        return taught.questions();
    }
}
