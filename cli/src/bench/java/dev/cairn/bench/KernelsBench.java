package dev.cairn.bench;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the kernels under JMH and prints them as figures beside the rate of the registers. */
final class KernelsBench {
    private KernelsBench() {}

    public static void main(String[] args) throws RunnerException {
        double limit = Limits.fp32() / 1e9;
        Collection<RunResult> results =
                new Runner(new OptionsBuilder().include(MatmulBench.class.getName()).build()).run();
        for (RunResult result : results) {
            int rows = Integer.parseInt(result.getParams().getParam("rows"));
            double operations = 2.0 * rows * MatmulBench.IN * MatmulBench.OUT;
            double micros = result.getPrimaryResult().getScore();
            String product = result.getPrimaryResult().getLabel();
            Figure.of(
                            "%s %d×%d×%d".formatted(product, rows, MatmulBench.IN, MatmulBench.OUT),
                            operations / micros / 1e3,
                            "GFLOP/s",
                            "fp32 multiply-add",
                            limit)
                    .print();
        }
    }
}
