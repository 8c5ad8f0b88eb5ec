package dev.cairn.config;

/** How a training run changes weights; named as in axolotl. */
public enum OptimizerName {
    /** Adam with decoupled weight decay. */
    ADAMW,
    /** Muon for the weights of linear layers between embedding and head, AdamW for the rest. */
    MUON
}
