/**
 * Models: one file per architecture and one per operation. Token ids in, hidden states and logits
 * out; no text.
 */
@NullMarked
package dev.cairn.model;

import org.jspecify.annotations.NullMarked;
