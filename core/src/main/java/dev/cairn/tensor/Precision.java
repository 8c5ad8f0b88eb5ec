package dev.cairn.tensor;

/** The precision of mutable tensors: float for normal work, double for checking gradients. */
public enum Precision {
    F32,
    F64
}
