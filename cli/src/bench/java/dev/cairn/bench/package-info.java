/** What {@code make bench} measures; not part of the product. */
@NullMarked
package dev.cairn.bench;

import org.jspecify.annotations.NullMarked;
