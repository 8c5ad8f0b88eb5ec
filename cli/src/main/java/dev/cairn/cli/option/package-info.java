/** Options that several verbs share, and what the names on the command line stand for. */
@NullMarked
package dev.cairn.cli.option;

import org.jspecify.annotations.NullMarked;
