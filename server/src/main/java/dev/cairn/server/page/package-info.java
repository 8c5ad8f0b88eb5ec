/**
 * The page that shows what every stage wrote, internal to the server: its files, and its private
 * API for traces and corrections.
 */
@NullMarked
package dev.cairn.server.page;

import org.jspecify.annotations.NullMarked;
