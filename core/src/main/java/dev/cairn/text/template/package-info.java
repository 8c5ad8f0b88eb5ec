/** Prompt templates and chat templates. */
@NullMarked
package dev.cairn.text.template;

import org.jspecify.annotations.NullMarked;
