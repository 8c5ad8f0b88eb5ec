/** The configuration of a stack: records and builders for the keys of its YAML. */
@NullMarked
package dev.cairn.stack.config;

import org.jspecify.annotations.NullMarked;
