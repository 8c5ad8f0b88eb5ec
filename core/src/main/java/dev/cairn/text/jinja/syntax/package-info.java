/** The grammar of Jinja: lexer, parser and syntax tree. */
@NullMarked
package dev.cairn.text.jinja.syntax;

import org.jspecify.annotations.NullMarked;
