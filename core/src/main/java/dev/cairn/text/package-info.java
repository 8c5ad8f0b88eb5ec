/**
 * Text: the tokenizer, templates, chat templates, and the interfaces {@code Answerer}, {@code
 * StagedAnswerer} and {@code LoglikelihoodScorer}. Does not depend on tensors.
 */
@NullMarked
package dev.cairn.text;

import org.jspecify.annotations.NullMarked;
