/** Settings that every room shares: records with their ranges, and names after PEFT and axolotl. */
@NullMarked
package dev.cairn.config;

import org.jspecify.annotations.NullMarked;
