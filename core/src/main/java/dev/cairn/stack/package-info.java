/**
 * Stacks: stages in order, each a model, a template, an adapter and decoding settings; the trace.
 */
@NullMarked
package dev.cairn.stack;

import org.jspecify.annotations.NullMarked;
