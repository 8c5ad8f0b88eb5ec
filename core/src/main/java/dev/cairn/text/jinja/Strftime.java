package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * {@code datetime.strftime}, in English, which is Python's default unless a program sets a locale.
 */
final class Strftime {
    private Strftime() {}

    static String format(LocalDateTime time, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                text.append(c);
            } else if (++i == format.length()) {
                throw new Fault("strftime_now: the format ends with a lone %");
            } else if (format.charAt(i) == '-' && i + 1 < format.length()) {
                String padded = piece(time, format.charAt(++i));
                text.append(padded.replaceFirst("^[0 ](?=.)", ""));
            } else {
                text.append(piece(time, format.charAt(i)));
            }
        }
        return text.toString();
    }

    private static String piece(LocalDateTime time, char directive) {
        String pattern =
                switch (directive) {
                    case 'Y' -> "yyyy";
                    case 'y' -> "yy";
                    case 'm' -> "MM";
                    case 'd' -> "dd";
                    case 'e' -> "ppd";
                    case 'B' -> "MMMM";
                    case 'b', 'h' -> "MMM";
                    case 'A' -> "EEEE";
                    case 'a' -> "EEE";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'f' -> "SSSSSS";
                    case 'p' -> "a";
                    case 'j' -> "DDD";
                    case 'F' -> "yyyy-MM-dd";
                    case 'T' -> "HH:mm:ss";
                    case 'Z', 'z' -> "";
                    case '%' -> "'%'";
                    default -> throw Fault.unsupported("strftime_now with %" + directive);
                };
        return pattern.isEmpty()
                ? ""
                : DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }
}
