package dev.cairn.tensor;

/** What values that change are stored in: floats to work with, doubles to check gradients with. */
public enum Precision {
    F32,
    F64
}
