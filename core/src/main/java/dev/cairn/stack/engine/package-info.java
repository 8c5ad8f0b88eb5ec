/** Inside an open stack: its stages on one base, how they write, score and are read. */
@NullMarked
package dev.cairn.stack.engine;

import org.jspecify.annotations.NullMarked;
