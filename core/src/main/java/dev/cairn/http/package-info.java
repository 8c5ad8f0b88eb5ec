/**
 * What {@code hub} and {@code remote} share of HTTP: one client with a time limit on all it waits
 * for, what a broken connection means, and tries again where a failure may pass. Knows neither what
 * is asked nor whom.
 */
@NullMarked
package dev.cairn.http;

import org.jspecify.annotations.NullMarked;
