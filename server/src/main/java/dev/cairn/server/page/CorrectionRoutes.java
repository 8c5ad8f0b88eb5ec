package dev.cairn.server.page;

import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.JsonResponse;
import dev.cairn.server.http.RequestBodies;
import dev.cairn.text.completion.Correction;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accepts people's corrections of what a stage wrote.
 *
 * @param store where corrections are stored; null accepts none
 */
public record CorrectionRoutes(Correction.@Nullable Store store, RequestBodies bodies) {
    public void register(RoutesConfig routes) {
        routes.post("/api/corrections", this::add);
    }

    private void add(Context ctx) {
        JsonFields fields = bodies.read(ctx);
        fields.allowOnly(List.of("model", "stage", "input", "texts", "text"));
        Correction correction =
                new Correction(
                        fields.requiredString("model"),
                        fields.requiredString("stage"),
                        nonBlank(fields, "input"),
                        texts(fields.object("texts")),
                        nonBlank(fields, "text"));
        if (store == null) {
            throw ApiException.refused(
                    404, "corrections_off", "this server was started without storing corrections");
        }
        JsonResponse.send(ctx, 201, Map.of("file", store.add(correction)));
    }

    private static String nonBlank(JsonFields fields, String name) {
        String text = fields.requiredString(name);
        if (text.isBlank()) {
            throw ApiException.badRequest(
                    fields.path(name), fields.path(name) + ": expected some text, found none");
        }
        return text;
    }

    private static Map<String, String> texts(@Nullable JsonFields fields) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (fields != null) {
            fields.names().forEach(name -> texts.put(name, fields.requiredString(name)));
        }
        return texts;
    }
}
