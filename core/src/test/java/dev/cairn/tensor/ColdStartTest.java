package dev.cairn.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.tensor.kernel.KernelDeterminismTest;
import dev.cairn.tensor.kernel.VectorActivations;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Values that a few random numbers do not meet: {@link KernelDeterminismTest} has the others. */
public class ColdStartTest {
    private static final float[] EXTREME = {
        0f,
        -0f,
        1e-30f,
        -1e-30f,
        87f,
        -87f,
        87.5f,
        -87.5f,
        1e4f,
        -1e4f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        3f
    };

    /** What is computed in loops, from beginning to end. */
    public static <T> T inLoops(Supplier<T> body) {
        ColdStart.begin();
        T result = body.get();
        assertThat(ColdStart.usesLoops(ColdStart.MAX_STEPS)).as("loops to the end").isTrue();
        assertThat(ColdStart.usesLoops(1)).as("no loops after many steps").isFalse();
        return result;
    }

    /** NaN is NaN, whatever else its bits say. */
    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }

    private static void areTheSame(Supplier<float[]> body) {
        assertThat(bits(inLoops(body))).isEqualTo(bits(body.get()));
    }

    private static F32Tensor extreme() {
        return F32Tensor.of(EXTREME.clone(), 1, EXTREME.length);
    }

    @Test
    void activationsOfExtremeValues() {
        Activations activations = new VectorActivations();
        areTheSame(() -> {
            F32Tensor y = Twins.unset(1, EXTREME.length);
            activations.gelu(extreme(), y);
            return y.data;
        });
        areTheSame(() -> {
            F32Tensor y = Twins.unset(1, EXTREME.length);
            activations.swiGlu(extreme(), extreme(), y);
            return y.data;
        });
    }

    @Test
    void exponentialsAndTheGreatest() {
        areTheSame(() -> {
            float[] values = new float[VectorMath.padded(EXTREME.length)];
            System.arraycopy(EXTREME, 0, values, 0, EXTREME.length);
            VectorMath.exp(values, 0, EXTREME.length, 0.5f);
            return java.util.Arrays.copyOf(values, EXTREME.length);
        });
        areTheSame(() -> new float[] {VectorMath.max(EXTREME, 0, EXTREME.length)});
        areTheSame(() -> new float[] {VectorMath.max(EXTREME, 0, 13)});
    }

    @Test
    void theGreatestOfManyAndWhatIsNoNumber() {
        float[] values = new float[1001];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i * 37 % 1001) / 7f - 50;
        }
        areTheSame(() -> new float[] {LogSumExp.argMax(values)});
        areTheSame(() -> new float[] {(float) LogSumExp.aboveMax(values, 93)});
        values[500] = Float.NaN;
        areTheSame(() -> new float[] {LogSumExp.argMax(values)});
        assertThat(LogSumExp.argMax(values)).isEqualTo(-1);
    }
}
