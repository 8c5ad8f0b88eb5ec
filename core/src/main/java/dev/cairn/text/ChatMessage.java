package dev.cairn.text;

/**
 * One message of a conversation.
 *
 * @param role who speaks: {@code system}, {@code user}, {@code assistant}, or another role that the
 *     model's chat template knows
 * @param content text of the message
 */
public record ChatMessage(String role, String content) {}
