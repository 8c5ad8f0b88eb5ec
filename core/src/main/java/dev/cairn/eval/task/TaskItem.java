package dev.cairn.eval.task;

import tools.jackson.databind.JsonNode;

/** One item of a task, its prompt rendered. */
public sealed interface TaskItem permits ChoiceItem, WritingItem {
    /** Unique within its task; systems are paired by it. */
    String id();

    /** Where the item stands in its task, from 0. */
    int docId();

    /** What kind of item it is, such as MMLU's subject; the task's name where it has no kinds. */
    String kind();

    /** The record it was made from. */
    JsonNode doc();
}
