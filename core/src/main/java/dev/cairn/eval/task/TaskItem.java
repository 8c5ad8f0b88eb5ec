package dev.cairn.eval.task;

import tools.jackson.databind.JsonNode;

/** An item of a task with its rendered prompt. */
public sealed interface TaskItem permits ChoiceItem, WritingItem {
    /** Unique within its task; systems are paired by it. */
    String id();

    /** Index of the item in its task, from 0. */
    int docId();

    /** Kind of item, such as MMLU's subject; the task's name if it has no kinds. */
    String kind();

    /** The record it was made from. */
    JsonNode doc();
}
