package dev.cairn.data.stories;

import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The people, places and things a story may be about: a whole pool, or the few of one story. */
public record Words(List<String> names, List<String> places, List<String> things) {
    /** Words of training questions, and of held-out questions of the same kind. */
    public static final Words TRAIN =
            of(
                    """
                    Anna Ben Clara David Emma Felix Grace Henry Ida Jack Kate Leo Mary Nick Olga
                    Paul Rosa Sam Tina Victor Wendy Adam Lucy Tom
                    """,
                    """
                    kitchen garden bedroom hallway office bathroom park school library cellar barn
                    shop forest tower station market
                    """,
                    """
                    lamp book apple ball key cup milk hat coat box bag letter spoon clock football
                    map
                    """);

    /**
     * Words of the harder questions; neither training questions nor the curriculum ever use them.
     */
    public static final Words HELD_OUT =
            of(
                    """
                    Boris Carmen Dora Edgar Fiona Gustav Helga Ivan Jasper Kira Lorenzo Mabel
                    Norman Petra Quentin Sylvia
                    """,
                    """
                    museum theatre bakery castle cave chapel orchard hotel studio workshop meadow
                    temple
                    """,
                    """
                    violin mirror candle basket kettle umbrella hammer ladder drum rope
                    """);

    /** Words that only the curriculum of pre-training uses. */
    public static final Words EXTRA =
            of(
                    """
                    John Daniel Sandra Julie Fred Bill Jeff Peter Susan Robert Linda Michael Laura
                    James Sarah Thomas Julia George Alice Edward Ellen Frank Helen Charles Martha
                    Walter Rachel Simon Nora Martin Eva Oscar Lily Hugo Rose Arthur Jane Albert
                    Ruth Oliver Sophie Philip Hannah Stephen Molly Patrick Nancy Andrew Judith
                    Richard Esther William Louise Harry Amy Max Ella Luke Zoe Mark Chloe Alan
                    Diana Brian Gloria Carl Irene Dennis Joan Eric Karen Gary Lisa Howard Maria
                    Ian Naomi Joseph Paula Keith Rita Louis Sally Neil Teresa Owen Vera Ralph
                    Agnes Roger Betty Scott Carol Tony Doris Vincent Edith Wayne Flora Anton Greta
                    Bruno Hilda Conrad Ingrid Emil Jenny Gordon Kitty Jonas Maya Lars Nina Otto
                    """,
                    """
                    attic stable cabin church palace hospital prison square street village town
                    city field valley desert harbour cottage bank store cafe restaurant cinema
                    stadium gym pool lobby pantry closet nursery laundry parlour courtyard yard
                    greenhouse shed garage tent hut mill farm factory laboratory classroom
                    lighthouse mine zoo
                    """,
                    """
                    pen pencil bottle plate fork knife bowl glass jar pot pan towel blanket pillow
                    chair stool shoe boot sock glove scarf ring necklace watch coin purse wallet
                    phone radio camera brush comb soap broom bucket shovel rake axe saw nail
                    needle doll kite toy flute guitar trumpet bread cheese cake pie orange pear
                    lemon onion egg flag stone shell feather flower seed stick newspaper ticket
                    card
                    """);

    /** A random selection of these words. */
    Words few(int people, int places, int things, SplittableRandom random) {
        return new Words(
                Pick.some(this.names, people, random),
                Pick.some(this.places, places, random),
                Pick.some(this.things, things, random));
    }

    /** Whether {@code word}, in any case, is one of these words. */
    public boolean has(String word) {
        return all().anyMatch(word::equalsIgnoreCase);
    }

    public static String capitalised(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    Stream<String> all() {
        return Stream.of(names, places, things).flatMap(List::stream);
    }

    private static Words of(String names, String places, String things) {
        return new Words(split(names), split(places), split(things));
    }

    private static List<String> split(String words) {
        return List.of(words.strip().split("\\s+"));
    }
}
