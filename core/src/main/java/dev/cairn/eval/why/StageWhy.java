package dev.cairn.eval.why;

import dev.cairn.eval.Accuracy;
import org.jspecify.annotations.Nullable;

/**
 * What one stage has to do with right and wrong answers; {@link Why} defines every number.
 *
 * @param stage its name
 * @param faults the wrong answers that come from it, of all wrong answers
 * @param drift how often it writes its gold text
 * @param influence what its text does to the answer; null for the last stage, whose text it is
 */
public record StageWhy(String stage, Accuracy faults, Drift drift, @Nullable Influence influence) {}
