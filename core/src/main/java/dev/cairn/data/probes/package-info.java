/** Probes: generated texts whose end a model can copy or look up, without having learnt them. */
@NullMarked
package dev.cairn.data.probes;

import org.jspecify.annotations.NullMarked;
