/**
 * The HTTP code that {@code hub} and {@code remote} share: a client with a time limit on everything
 * it waits for, the kinds of connection failures, and retries. Knows neither the servers nor what
 * they are asked.
 */
@NullMarked
package dev.cairn.http;

import org.jspecify.annotations.NullMarked;
