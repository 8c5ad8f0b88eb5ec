/**
 * Traces of completions: stored in an SQLite file where they can be searched and rated, and sent as
 * OpenTelemetry spans.
 */
@NullMarked
package dev.cairn.server.trace;

import org.jspecify.annotations.NullMarked;
