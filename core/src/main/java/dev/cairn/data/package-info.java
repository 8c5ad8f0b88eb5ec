/** Examples: question sets, what a stage learns from them, and in which order. */
@NullMarked
package dev.cairn.data;

import org.jspecify.annotations.NullMarked;
