/**
 * OpenAI's wire format, internal to the server: requests are read into what a {@code ServedModel}
 * is asked, and completions are written as JSON, whole or streamed.
 */
@NullMarked
package dev.cairn.server.openai;

import org.jspecify.annotations.NullMarked;
