/** Asks a system the questions of a set, several at a time. */
@NullMarked
package dev.cairn.eval.question;

import org.jspecify.annotations.NullMarked;
