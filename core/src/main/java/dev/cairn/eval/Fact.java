package dev.cairn.eval;

/** One line of a report's fact list: a name and its value, both shown as they are. */
public record Fact(String name, String value) {}
