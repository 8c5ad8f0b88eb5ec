/**
 * Models: one file per architecture, one per operation; token ids in, token ids out. Sees no text.
 */
@NullMarked
package dev.cairn.model;

import org.jspecify.annotations.NullMarked;
