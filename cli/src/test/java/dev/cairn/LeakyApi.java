package dev.cairn;

import dev.cairn.generate.Batcher;
import dev.cairn.model.CausalLm;
import dev.cairn.tensor.Tensor;
import dev.cairn.text.tokenizer.Tokenizer;
import dev.cairn.train.Progress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Leaks internal types on purpose: the API test proves with it that it would notice. */
@SuppressWarnings("unused") // exists to be looked at, not to be called
public abstract class LeakyApi implements Progress {
    protected @Nullable ObjectNode node;
    private @Nullable Tokenizer hidden;

    public LeakyApi(Batcher batcher) {}

    public abstract <T extends CausalLm> T bounded();

    public abstract Map<String, List<? extends JsonNode>> settings();

    protected abstract Optional<Tensor[]> tensors();

    abstract Tokenizer inside();
}
