/** Examples: question sets, readers, generators. Uses {@code text} only. */
@NullMarked
package dev.cairn.data;

import org.jspecify.annotations.NullMarked;
