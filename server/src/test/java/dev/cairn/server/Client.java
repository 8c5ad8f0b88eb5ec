package dev.cairn.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client as anybody could write one. */
public record Client(URI address) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public static Client of(Server server) {
        return new Client(server.address());
    }

    /** A request to a path; single quotes in a body stand for double ones. */
    public HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(address.resolve(path));
    }

    public HttpRequest post(String path, String body) {
        return to(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
    }

    public Reply send(HttpRequest request) {
        try {
            HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
            return new Reply(response);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public Reply get(String path) {
        return send(to(path).build());
    }

    public Reply ask(String path, String body) {
        return send(post(path, body));
    }

    /** Whether {@code /metrics} has a line that contains this. */
    public boolean hasMetric(String line) {
        return get("/metrics").text().contains(line);
    }

    public void awaitMetric(String line) {
        Eventually.isTrue(line, () -> hasMetric(line));
    }

    /** What came back. */
    public record Reply(HttpResponse<String> response) {
        public int status() {
            return response.statusCode();
        }

        public String text() {
            return response.body();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public JsonNode json() {
            return JSON.readTree(response.body());
        }

        public JsonNode error() {
            return json().path("error");
        }

        /** The events of a stream, without the mark at its end. */
        public List<JsonNode> events() {
            List<JsonNode> events = new ArrayList<>();
            for (String event : response.body().split("\n\n", -1)) {
                if (event.startsWith("data: ") && !event.equals("data: [DONE]")) {
                    events.add(JSON.readTree(event.substring("data: ".length())));
                }
            }
            return events;
        }

        public boolean isDone() {
            return response.body().endsWith("data: [DONE]\n\n");
        }
    }
}
