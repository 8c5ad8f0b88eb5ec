package dev.cairn.data.stories;

/** The kinds of question a story can be asked, from one step of reasoning to three. */
enum Kind {
    WHERE_PERSON("where-person"),
    WHO_HAS("who-has"),
    WHERE_THING("where-thing"),
    WHO_WITH("who-with"),
    WHO_WITH_THING("who-with-thing"),
    WHERE_THING_BEFORE("where-thing-before");

    private final String label;

    Kind(String label) {
        this.label = label;
    }

    /** The name question sets use. */
    String label() {
        return label;
    }
}
