/** The tokenizer: its files, its guards, training a vocabulary, and decoding a stream of tokens. */
@NullMarked
package dev.cairn.text.tokenizer;

import org.jspecify.annotations.NullMarked;
