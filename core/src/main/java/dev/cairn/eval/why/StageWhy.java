package dev.cairn.eval.why;

import dev.cairn.eval.Accuracy;
import org.jspecify.annotations.Nullable;

/**
 * One stage's part in correct and wrong answers; {@link Why} defines every number.
 *
 * @param stage its name
 * @param faults the wrong answers that it causes, as a share of all wrong answers
 * @param drift how often it writes its gold text
 * @param influence influence of its text on the answer; null for the last stage, whose text is the
 *     answer
 */
public record StageWhy(String stage, Accuracy faults, Drift drift, @Nullable Influence influence) {}
