/**
 * The interface between a server and the models it offers: text or token ids in, text and
 * probabilities out, independent of what computes them.
 */
@NullMarked
package dev.cairn.text.completion;

import org.jspecify.annotations.NullMarked;
