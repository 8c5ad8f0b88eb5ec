/** What verbs show on a terminal while they work, and how they listen to its signals. */
@NullMarked
package dev.cairn.cli.terminal;

import org.jspecify.annotations.NullMarked;
