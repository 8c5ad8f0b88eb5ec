/**
 * Text: the tokenizer, templates, chat templates, and the seams {@code Answerer}, {@code
 * StagedAnswerer} and {@code LoglikelihoodScorer}. Knows no tensors.
 */
@NullMarked
package dev.cairn.text;

import org.jspecify.annotations.NullMarked;
