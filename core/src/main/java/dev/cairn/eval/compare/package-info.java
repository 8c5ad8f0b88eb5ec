/** Systems side by side on the same items: what they score, how sure that is, and what it costs. */
@NullMarked
package dev.cairn.eval.compare;

import org.jspecify.annotations.NullMarked;
