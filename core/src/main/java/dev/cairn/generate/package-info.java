/**
 * Generating and scoring: sampling, prefix reuse, and the scheduler that serves many sequences at
 * once.
 */
@NullMarked
package dev.cairn.generate;

import org.jspecify.annotations.NullMarked;
