/**
 * The page that shows what every stage wrote, internal to the server: its files, and the API that
 * it alone calls, for traces and corrections.
 */
@NullMarked
package dev.cairn.server.page;

import org.jspecify.annotations.NullMarked;
