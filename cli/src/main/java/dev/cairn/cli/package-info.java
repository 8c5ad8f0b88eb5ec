/**
 * The command line: one class per verb, and the only place where the packages are wired together.
 */
@NullMarked
package dev.cairn.cli;

import org.jspecify.annotations.NullMarked;
