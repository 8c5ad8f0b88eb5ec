package dev.cairn.server.openai;

import dev.cairn.CairnException;
import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonCodec;
import dev.cairn.server.http.JsonFields;
import dev.cairn.text.completion.ModelCard;
import dev.cairn.text.completion.ServedModel;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The served models, by id. */
public final class ModelRegistry {
    private final Map<String, ServedModel> byId = new LinkedHashMap<>();
    private final long created = Instant.now().getEpochSecond();

    /**
     * @throws CairnException if there are no models, or two have the same id
     */
    public ModelRegistry(List<ServedModel> models) {
        for (ServedModel model : models) {
            if (byId.putIfAbsent(model.card().id(), model) != null) {
                throw new CairnException(
                        "two models are named '%s'; give each its own name"
                                .formatted(model.card().id()));
            }
        }
        if (byId.isEmpty()) {
            throw new CairnException("no model to serve; name at least one");
        }
    }

    /** The model that a request's field {@code model} names. */
    ServedModel required(JsonFields fields) {
        return byId(fields.requiredString("model"));
    }

    /** The model that a request's field {@code model} names, or the first one. */
    public ServedModel namedOrFirst(JsonFields fields) {
        String id = fields.string("model");
        return id == null ? byId.values().iterator().next() : byId(id);
    }

    private ServedModel byId(String id) {
        ServedModel model = byId.get(id);
        if (model == null) {
            throw ApiException.noSuchModel(id, byId.keySet());
        }
        return model;
    }

    /** The body of {@code /v1/models}. */
    public Map<String, Object> json() {
        return JsonCodec.object(
                "object", "list", "data", byId.values().stream().map(this::json).toList());
    }

    /** The body of {@code /v1/models/ID}. */
    public Map<String, Object> json(String id) {
        return json(byId(id));
    }

    private Map<String, Object> json(ServedModel model) {
        ModelCard card = model.card();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", card.id());
        json.put("object", "model");
        json.put("created", created);
        json.put("owned_by", "cairn");
        json.put("cairn", json(card));
        return json;
    }

    private static Map<String, @Nullable Object> json(ModelCard card) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("kind", card.kind().name().toLowerCase(Locale.ROOT));
        json.put("description", card.description());
        json.put("base", card.base());
        json.put("stages", card.stages());
        json.put("context_window", card.contextWindow());
        return json;
    }
}
