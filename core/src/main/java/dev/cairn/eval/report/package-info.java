/**
 * Reports of evaluations, comparisons and training runs: tables for the terminal, JSON, and HTML
 * pages with charts. The packages that measure do not depend on this one.
 */
@NullMarked
package dev.cairn.eval.report;

import org.jspecify.annotations.NullMarked;
