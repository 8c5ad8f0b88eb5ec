package dev.cairn.eval.report;

import dev.cairn.eval.Accuracy;
import dev.cairn.eval.why.Change;
import dev.cairn.eval.why.Fault;
import dev.cairn.eval.why.Influence;
import dev.cairn.eval.why.StageWhy;
import dev.cairn.eval.why.Why;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Formats an error attribution as a JSON object. */
final class WhyJson {
    private WhyJson() {}

    static void add(ObjectNode node, Why why) {
        node.put("system", why.system());
        node.put("set", why.set());
        node.put("questions", why.questions());
        node.put("failed", why.failed());
        ArrayNode stages = node.putArray("stages");
        why.stages().forEach(stage -> addStage(stages.addObject(), stage));
        ArrayNode faults = node.putArray("faults");
        why.faults().forEach(fault -> addFault(faults.addObject(), fault));
    }

    private static void addStage(ObjectNode node, StageWhy stage) {
        node.put("stage", stage.stage());
        addShare(node.putObject("causes"), stage.faults());
        addShare(node.putObject("right_on_own_texts"), stage.drift().onOwn());
        addShare(node.putObject("right_on_gold_texts"), stage.drift().onGold());
        node.putPOJO("cost_of_own_texts", stage.drift().cost());
        Influence influence = stage.influence();
        if (influence != null) {
            node.putPOJO("gold_here_alone", influence.gold());
            addChange(node.putObject("other_text"), influence.other());
            addChange(node.putObject("one_word"), influence.altered());
            node.put("reads_as", influence.reliance().toString());
        }
    }

    private static void addChange(ObjectNode node, Change change) {
        addShare(node.putObject("changed"), change.changed());
        addShare(node.putObject("right_before"), change.before());
        addShare(node.putObject("right_after"), change.after());
        node.put("left_out", change.leftOut());
    }

    private static void addShare(ObjectNode node, Accuracy share) {
        node.put("count", share.correct());
        node.put("total", share.total());
        node.put("share", share.rate());
        node.put("low", share.low());
        node.put("high", share.high());
    }

    private static void addFault(ObjectNode node, Fault fault) {
        node.put("id", fault.item().id());
        node.put("stage", fault.stage());
        node.put("wrote", fault.wrote());
        node.put("gold", fault.gold());
        node.put("before", fault.before());
        node.put("after", fault.after());
    }
}
