package dev.cairn.cli;

import dev.cairn.CairnException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** How the settings that the library suggests in an error are given on the command line. */
final class Flags {
    private static final Map<String, String> BY_SETTING =
            Map.ofEntries(
                    Map.entry("apiKeys", "--api-key-file or CAIRN_API_KEY"),
                    Map.entry("base", "--base"),
                    Map.entry("data", "--data"),
                    Map.entry("format", "--quant"),
                    Map.entry("limit", "--limit"),
                    Map.entry("numFewshot", "--num_fewshot"),
                    Map.entry("output", "--output"),
                    Map.entry("port", "--port"),
                    Map.entry("resume", "--resume"),
                    Map.entry("samples", "--output_path"),
                    Map.entry("why", "--why"));

    private Flags() {}

    /** The options of a verb that get around a failure, in brackets; empty where there are none. */
    static String hint(Throwable failure, CommandSpec verb) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CairnException e && !e.suggestedSettings().isEmpty()) {
                return shown(e.suggestedSettings(), verb);
            }
        }
        return "";
    }

    private static String shown(List<String> settings, CommandSpec verb) {
        String flags =
                settings.stream()
                        .map(setting -> BY_SETTING.getOrDefault(setting, ""))
                        .filter(flag -> verb.optionsMap().containsKey(flag.split(" ", 2)[0]))
                        .collect(Collectors.joining(", "));
        return flags.isEmpty() ? "" : " (" + flags + ")";
    }
}
