package dev.cairn.server.page;

import dev.cairn.server.ServerLimits;
import dev.cairn.server.http.ApiException;
import dev.cairn.server.http.JsonFields;
import dev.cairn.server.http.RequestBody;
import dev.cairn.text.completion.Correction;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes what a person says a stage should have written. */
public record CorrectionRoutes(Correction.Book book, ServerLimits limits) {
    public void register(RoutesConfig routes) {
        routes.post("/api/corrections", this::add);
    }

    private void add(Context ctx) {
        JsonFields fields = RequestBody.read(ctx, limits);
        fields.onlyThese(List.of("model", "stage", "input", "texts", "text"));
        Correction correction =
                new Correction(
                        fields.requiredText("model"),
                        fields.requiredText("stage"),
                        filled(fields, "input"),
                        texts(fields.object("texts")),
                        filled(fields, "text"));
        RequestBody.write(ctx, 201, Map.of("file", book.add(correction)));
    }

    private static String filled(JsonFields fields, String name) {
        String text = fields.requiredText(name);
        if (text.isBlank()) {
            throw ApiException.badRequest(
                    fields.path(name), fields.path(name) + ": expected some text, found none");
        }
        return text;
    }

    private static Map<String, String> texts(@Nullable JsonFields given) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (given != null) {
            given.names().forEach(name -> texts.put(name, given.requiredText(name)));
        }
        return texts;
    }
}
