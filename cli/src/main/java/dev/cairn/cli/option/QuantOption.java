package dev.cairn.cli.option;

import dev.cairn.config.WeightFormat;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --quant} of the verbs that run a model. */
public final class QuantOption {
    @Option(
            names = "--quant",
            paramLabel = "FORMAT",
            converter = Name.class,
            description =
                    "Hold the model's matrices as int8, int4 or bf16 instead of as stored; makes generation faster.")
    private WeightFormat format = WeightFormat.AS_STORED;

    public WeightFormat format() {
        return format;
    }

    private static final class Name implements ITypeConverter<WeightFormat> {
        private static final List<WeightFormat> FORMATS =
                List.of(WeightFormat.INT8, WeightFormat.INT4, WeightFormat.BF16);

        @Override
        public WeightFormat convert(String value) {
            for (WeightFormat format : FORMATS) {
                if (format.name().equalsIgnoreCase(value)) {
                    return format;
                }
            }
            throw new TypeConversionException("expected int8, int4 or bf16, found '" + value + "'");
        }
    }
}
