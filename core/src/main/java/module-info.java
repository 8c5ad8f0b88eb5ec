/**
 * Cairn's engine and recipes: run, train, evaluate and distil stacks of small language models.
 *
 * <p>The packages exported here are the public API. All other packages are internal: their classes
 * are public only because other packages of Cairn use them, and they may change with any version.
 */
module dev.cairn.core {
    requires ai.djl.api;
    requires ai.djl.tokenizers;
    requires com.fasterxml.jackson.annotation;
    requires java.management;
    requires java.net.http;
    requires jdk.incubator.vector;
    requires org.apache.commons.compress;
    requires org.apache.commons.statistics.distribution;
    requires org.apache.commons.statistics.interval;
    requires static transitive org.jspecify;
    requires tools.jackson.databind;
    requires tools.jackson.dataformat.csv;
    requires tools.jackson.dataformat.yaml;

    exports dev.cairn;
    exports dev.cairn.config;
    exports dev.cairn.eval;
    exports dev.cairn.eval.compare;
    exports dev.cairn.hub;
    exports dev.cairn.recipe;
    exports dev.cairn.recipe.distillation;
    exports dev.cairn.recipe.evaluation;
    exports dev.cairn.recipe.lock;
    exports dev.cairn.recipe.training;
    exports dev.cairn.stack;
    exports dev.cairn.stack.config;
    exports dev.cairn.text;
    exports dev.cairn.text.completion;
    exports dev.cairn.text.template;
}
