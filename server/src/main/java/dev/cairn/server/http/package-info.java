/**
 * HTTP below any model, internal to the server: request bodies read strictly, errors in OpenAI's
 * form, server-sent events, and noticing that a client has disconnected.
 */
@NullMarked
package dev.cairn.server.http;

import org.jspecify.annotations.NullMarked;
