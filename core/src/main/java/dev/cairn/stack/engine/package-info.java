/** The engine of an open stack: its stages on one base, generating and scoring. */
@NullMarked
package dev.cairn.stack.engine;

import org.jspecify.annotations.NullMarked;
