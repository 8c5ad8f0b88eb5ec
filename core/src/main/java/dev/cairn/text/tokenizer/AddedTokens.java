package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code added_tokens} of a {@code tokenizer.json}: those that the file lists, and those that
 * the files beside it name.
 */
final class AddedTokens {
    private AddedTokens() {}

    /**
     * Adds the named tokens to the file's list. A token that is in no vocabulary stays out: the
     * model has no embedding for it.
     *
     * @param vocabulary ids of the model's own tokens
     * @return whether the list has changed
     */
    static boolean complete(
            ObjectNode root, Map<String, ObjectNode> named, Map<String, Integer> vocabulary) {
        Map<String, ObjectNode> listed = new HashMap<>();
        for (JsonNode added : root.path("added_tokens")) {
            if (added instanceof ObjectNode token) {
                listed.put(token.path("content").asString(""), token);
            }
        }
        boolean changed = false;
        for (Map.Entry<String, ObjectNode> entry : named.entrySet()) {
            ObjectNode known = listed.get(entry.getKey());
            ObjectNode token = entry.getValue();
            boolean isSpecial = token.path("special").asBoolean(false);
            if (known != null) {
                if (isSpecial && !known.path("special").asBoolean(false)) {
                    known.put("special", true);
                    changed = true;
                }
                continue;
            }
            Integer id = vocabulary.get(entry.getKey());
            if (id != null) {
                token.put("id", id);
            }
            if (token.has("id")) {
                list(root).add(token);
                changed = true;
            }
        }
        return changed;
    }

    private static ArrayNode list(ObjectNode root) {
        return root.path("added_tokens") instanceof ArrayNode list
                ? list
                : root.putArray("added_tokens");
    }

    /**
     * Checks that the library will give every added token the id that the file gives it. It numbers
     * them anew, in the order of the list: a token of the vocabulary keeps its id there, any other
     * gets the next free one (tokenizers, {@code AddedVocabulary::add_tokens}). With two ids for
     * one token, nobody could say which one a model means.
     *
     * @param vocabulary ids of the model's own tokens
     * @throws CairnException naming the token and both ids
     */
    static void checkIds(Path file, JsonNode list, Map<String, Integer> vocabulary) {
        Map<String, Integer> given = new HashMap<>();
        int highest = -1;
        for (JsonNode added : list) {
            String content = added.path("content").asString("");
            if (content.isEmpty()) {
                continue; // the library leaves it out
            }
            Integer own = vocabulary.get(content);
            int next = Math.max(highest + 1, vocabulary.size());
            int id = own != null ? own : given.getOrDefault(content, next);
            int wanted = added.path("id").asInt();
            if (id != wanted) {
                throw new CairnException(
                        "%s: added_tokens: \"%s\" has id %d, but the tokenizers library, and transformers with it, numbers it %d; give it the id that the model was trained with, without gaps between the ids"
                                .formatted(file, Texts.shortened(content), wanted, id));
            }
            given.put(content, id);
            highest = Math.max(highest, id);
        }
    }
}
