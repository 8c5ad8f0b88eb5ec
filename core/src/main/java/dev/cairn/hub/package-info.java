/**
 * Models from the Hugging Face hub: its cache on this machine, and the downloads that fill it.
 * Knows files and the network, but not what is in the files, except the index that names a model's
 * shards.
 */
@NullMarked
package dev.cairn.hub;

import org.jspecify.annotations.NullMarked;
