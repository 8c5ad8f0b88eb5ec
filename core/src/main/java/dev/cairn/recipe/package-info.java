/**
 * Whole jobs in one call: what a program asks of Cairn beyond answering. This package holds what
 * they share.
 */
@NullMarked
package dev.cairn.recipe;

import org.jspecify.annotations.NullMarked;
