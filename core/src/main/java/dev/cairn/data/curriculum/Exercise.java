package dev.cairn.data.curriculum;

import java.util.SplittableRandom;
import java.util.function.Function;

/** The kinds of exercise of the curriculum. */
enum Exercise {
    TALE(32, Tales::draw),
    TRAIL(6, Trails::draw),
    TABLE(3, Tables::draw),
    LIST(2, Lists::draw),
    POSSESSIONS(1, Possessions::draw),
    SUMS(1, Sums::draw),
    RANKS(1, Ranks::draw),
    DENIALS(1, Denials::draw),
    QUOTATIONS(2, Quotations::draw),
    ECHO(3, Echoes::draw),
    SPECIES(1, Species::draw),
    DIRECTIONS(1, Directions::draw),
    TIMES(1, Times::draw);

    private final int weight;
    private final Function<SplittableRandom, Sheet> draw;

    /**
     * @param weight how often it occurs, relative to the others
     */
    Exercise(int weight, Function<SplittableRandom, Sheet> draw) {
        this.weight = weight;
        this.draw = draw;
    }

    int weight() {
        return weight;
    }

    Sheet draw(SplittableRandom random) {
        return draw.apply(random);
    }
}
