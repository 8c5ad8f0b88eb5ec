/**
 * Stacks: sequences of stages, each with a template, an adapter and decoding settings on a shared
 * base; served models.
 */
@NullMarked
package dev.cairn.stack;

import org.jspecify.annotations.NullMarked;
