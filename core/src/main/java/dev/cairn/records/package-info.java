/**
 * Readers for the file formats of examples and benchmarks: JSON records, CSV, bAbI. Every error
 * names file and line.
 */
@NullMarked
package dev.cairn.records;

import org.jspecify.annotations.NullMarked;
