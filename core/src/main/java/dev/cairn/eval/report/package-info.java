/**
 * Reports of evaluations, comparisons and training runs: tables for the terminal, JSON, and pages
 * of HTML with charts. The rooms that measure know nothing of it.
 */
@NullMarked
package dev.cairn.eval.report;

import org.jspecify.annotations.NullMarked;
