package dev.cairn.text;

/**
 * One message of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant}, or what else a model's
 *     chat template knows
 * @param content what is said
 */
public record ChatMessage(String role, String content) {}
