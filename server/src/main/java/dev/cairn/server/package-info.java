/**
 * A server for models: the wire format of OpenAI, the traces of what was answered, and a page where
 * a person sees and corrects what every stage said. Knows models only as {@code ServedModel}.
 */
@NullMarked
package dev.cairn.server;

import org.jspecify.annotations.NullMarked;
