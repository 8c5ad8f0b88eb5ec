/**
 * Readers of the files that examples and benchmarks come in: JSON records, CSV, bAbI. Every error
 * names file and line.
 */
@NullMarked
package dev.cairn.records;

import org.jspecify.annotations.NullMarked;
