package dev.cairn.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.WeightFormat;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.Models;
import dev.cairn.model.TokenBatch;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What quantizing costs real models, in perplexity on text they were not trained on. Each token is
 * read by itself, as in decoding: that is where the inputs of four-bit weights are rounded too.
 */
@Tag("long")
class QuantizedPerplexityTest {
    private static final Path PEBBLE = Path.of("models/pebble");
    private static final Path STORIES = Path.of("core/src/test/resources/stories260K");

    /** Tokens of one sequence: less than the window of either model. */
    private static final int WINDOW = 256;

    /** In the manner of what the model was trained on, and written for this test. */
    private static final String STORY =
            """
            Once upon a time, there was a small boy named Tom. He had a red kite and a big dog. \
            Every day after lunch, Tom and the dog went to the hill to fly the kite. The wind was \
            strong, and the kite went up, up, up into the blue sky. Tom was very happy.
            One day, the wind was too strong. The kite flew away and got stuck in a tall tree. Tom \
            was sad and began to cry. "Do not cry," said a little bird. "I can help you." The bird \
            flew to the top of the tree and pulled the string. But the kite did not move. Then the \
            dog started to bark at the tree. A kind old man heard the noise. He came with a long \
            ladder and climbed up. He took the kite and gave it back to Tom. "Thank you so much," \
            said Tom. He gave the bird some bread, and he gave the man a big hug. From that day, \
            they were all good friends, and Tom held the string with two hands.
            """;

    /** Of its texts, the bundled base learnt to predict books alone; exercises were given to it. */
    @Test
    void ofTheBundledBase() {
        check(PEBBLE, Tokenizer.load(PEBBLE).encode(STORY));
    }

    @Test
    void ofStories260K() {
        check(STORIES, Tokenizer.load(STORIES).encode(STORY));
    }

    private static void check(Path directory, int[] tokens) {
        assertThat(tokens.length).isGreaterThan(250);
        double stored = loss(directory, WeightFormat.AS_STORED, tokens);
        double int8 = loss(directory, WeightFormat.INT8, tokens);
        double int4 = loss(directory, WeightFormat.INT4, tokens);
        assertThat(Math.exp(int8 - stored) - 1).as("int8").isBetween(-0.005, 0.005);
        assertThat(Math.exp(int4 - stored) - 1).as("int4").isBetween(-0.05, 0.05);
    }

    /** Nats per token. */
    private static double loss(Path directory, WeightFormat format, int[] tokens) {
        CausalLm model = Models.open(directory, format);
        ForwardContext pass = ForwardContext.inference(model.kernels(), null);
        KvCache cache = model.newCache(WINDOW);
        double sum = 0;
        for (int i = 0; i < tokens.length - 1; i++) {
            if (cache.length() == WINDOW) {
                cache = model.newCache(WINDOW);
            }
            TokenBatch batch = TokenBatch.next(new int[] {tokens[i]}, cache.length());
            float[] logits =
                    model.head()
                            .forward(pass, model.forward(pass, batch, cache).hidden())
                            .y()
                            .toFloats();
            sum -= LogProbs.of(logits, tokens[i + 1]);
        }
        return sum / (tokens.length - 1);
    }
}
