/**
 * Utilities for all other packages: atomic file writes, strict YAML, bounded regular expressions,
 * parallel tasks.
 */
@NullMarked
package dev.cairn.support;

import org.jspecify.annotations.NullMarked;
