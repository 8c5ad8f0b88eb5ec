/**
 * Settings that all packages share: records that check their ranges, named after PEFT and axolotl.
 */
@NullMarked
package dev.cairn.config;

import org.jspecify.annotations.NullMarked;
