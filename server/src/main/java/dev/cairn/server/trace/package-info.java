/**
 * What is kept of answers: in a file where they can be found again, and as spans for those who
 * watch many services at once. Knows nothing of HTTP routes.
 */
@NullMarked
package dev.cairn.server.trace;

import org.jspecify.annotations.NullMarked;
