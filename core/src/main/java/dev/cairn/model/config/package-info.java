/** A model's configuration as Hugging Face writes it, and settings that several families share. */
@NullMarked
package dev.cairn.model.config;

import org.jspecify.annotations.NullMarked;
