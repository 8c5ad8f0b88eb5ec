package dev.cairn.data.stories;

import java.util.List;

/** The kinds of question a story can be asked, from one step of reasoning to five. */
public enum Kind {
    WHERE_PERSON("where-person"),
    WHO_HAS("who-has"),
    WHERE_THING("where-thing"),
    WHO_WITH("who-with"),
    WHO_WITH_THING("who-with-thing"),
    WHERE_THING_BEFORE("where-thing-before"),
    /** One step more than any other kind has. */
    WHAT_HAS_COMPANY("what-has-company");

    private final String label;

    Kind(String label) {
        this.label = label;
    }

    /** The kinds that training questions have. */
    static final List<Kind> TRAINED =
            List.of(
                    WHERE_PERSON,
                    WHO_HAS,
                    WHERE_THING,
                    WHO_WITH,
                    WHO_WITH_THING,
                    WHERE_THING_BEFORE);

    /** The name question sets use. */
    String label() {
        return label;
    }
}
