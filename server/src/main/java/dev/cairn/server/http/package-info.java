/**
 * HTTP without any knowledge of models, internal to the server: strict reading of request bodies,
 * errors in OpenAI's format, server-sent events, and detection of disconnected clients.
 */
@NullMarked
package dev.cairn.server.http;

import org.jspecify.annotations.NullMarked;
