package dev.cairn.data.stories;

/** Something that changes who is where or who has what. */
public sealed interface Event {
    /** {@code person} is in {@code place} from now on, with everything they carry. */
    record Move(String person, String place) implements Event {}

    /** {@code person} picks {@code thing} up where they are. */
    record Take(String person, String thing) implements Event {}

    /** {@code person} leaves {@code thing} where they are. */
    record Drop(String person, String thing) implements Event {}

    /** {@code thing} passes between two people in the same place. */
    record Give(String from, String to, String thing) implements Event {}
}
