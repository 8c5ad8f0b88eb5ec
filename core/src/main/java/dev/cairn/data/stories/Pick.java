package dev.cairn.data.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes random choices from a seed. */
public final class Pick {
    private Pick() {}

    public static <T> T one(List<T> items, SplittableRandom random) {
        return items.get(random.nextInt(items.size()));
    }

    /**
     * {@code count} different items in random order (the first steps of a Fisher-Yates shuffle).
     */
    public static <T> List<T> some(List<T> items, int count, SplittableRandom random) {
        var pool = new ArrayList<>(items);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, pool.size());
            T chosen = pool.get(j);
            pool.set(j, pool.get(i));
            pool.set(i, chosen);
        }
        return List.copyOf(pool.subList(0, count));
    }
}
