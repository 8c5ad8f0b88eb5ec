package dev.cairn.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page's modules by themselves. */
@ExtendWith(Chromium.class)
@Tag("browser")
final class PageModulesTest {
    @Test
    void eventsAreTheSameWhereverTheStreamIsCut(Visit visit) {
        Page page = visit.open();
        Object found =
                page.evaluate(
                        """
                        async () => {
                          const {SseParser} = await import('/page/sse.js');
                          const stream = ': waiting\\r\\n\\r\\ndata: {"a":\\r\\ndata:1}\\r\\n\\r\\n'
                            + 'event: x\\nid: 7\\ndata: two\\n\\ndata\\n\\n\\rdata:  three\\r\\rdata: cut';
                          const results = new Set();
                          for (let a = 0; a <= stream.length; a++) {
                            for (let b = a; b <= stream.length; b++) {
                              const parser = new SseParser();
                              const items = [stream.slice(0, a), stream.slice(a, b), stream.slice(b)]
                                .flatMap(part => parser.push(part));
                              results.add(JSON.stringify(items));
                            }
                          }
                          return [...results];
                        }\
                        """);
        assertThat(found)
                .isEqualTo(
                        List.of(
                                "[{\"comment\":\"waiting\"},{\"data\":\"{\\\"a\\\":\\n1}\"},"
                                        + "{\"data\":\"two\"},{\"data\":\"\"},{\"data\":\" three\"}]"));
    }

    @Test
    void charactersThatAreDividedOverChunksAreWhole(Visit visit) {
        Page page = visit.open();
        Object found =
                page.evaluate(
                        """
                        async () => {
                          const {serverEvents} = await import('/page/sse.js');
                          const bytes = new TextEncoder().encode('data: 🪨 häuft\\n\\n');
                          const body = new ReadableStream({start(controller) {
                            bytes.forEach(byte => controller.enqueue(new Uint8Array([byte])));
                            controller.close();
                          }});
                          const items = [];
                          for await (const item of serverEvents(body)) items.push(item.data);
                          return items;
                        }\
                        """);
        assertThat(found).isEqualTo(List.of("🪨 häuft"));
    }

    @Test
    void theDifferenceOfTwoTextsIsThatOfTheirWords(Visit visit) {
        assertThat(diff(visit.open(), "The hat is in the park.", "The old hat is in the garden."))
                .isEqualTo(
                        List.of(
                                "same:The",
                                "ins: old",
                                "same: hat is in the",
                                "del: park.",
                                "ins: garden."));
        assertThat(diff(visit.page(), "a b", "b")).isEqualTo(List.of("del:a", "same: b"));
        assertThat(diff(visit.page(), "one  two", "one\ntwo")).isEqualTo(List.of("same:one\ntwo"));
        assertThat(diff(visit.page(), "", "x y")).isEqualTo(List.of("ins:x y"));
        assertThat(diff(visit.page(), "x", "")).isEqualTo(List.of("del:x"));
        assertThat(diff(visit.page(), "", "")).isEqualTo(List.of());
    }

    private static Object diff(Page page, String before, String after) {
        return page.evaluate(
                """
                async ({before, after}) => {
                  const {diff} = await import('/page/diff.js');
                  return diff(before, after).map(part => part.kind + ':' + part.text);
                }\
                """,
                Map.of("before", before, "after", after));
    }

    @Test
    void whatAStageHandsOnIsShadedByTheTokensThatWroteIt(Visit visit) {
        Object found =
                visit.open()
                        .evaluate(
                                """
                                async () => {
                                  const {align, TokenFlow} = await import('/page/shading.js');
                                  const tokens = [' So', ':', ' the', ' hat', '.\\n']
                                    .map((text, at) => ({text, logprob: -at}));
                                  const show = pieces => pieces.map(p => `${p.text}${p.logprob}`).join('|');
                                  const flow = new TokenFlow();
                                  return [
                                    show(align('So: the hat.', tokens)),
                                    show(align('the hat.', tokens)),
                                    show(align('another', tokens)),
                                    show(align('', tokens)),
                                    show(flow.take('S', tokens.slice(0, 2))),
                                    show(flow.take('o: the', tokens.slice(2, 4))),
                                    show(flow.take(' h', [])),
                                    show(flow.take('at', [])),
                                    show(flow.take('é', [{text: '\\ufffd', logprob: -1}])),
                                    show(flow.take('.', tokens.slice(4))),
                                  ];
                                }\
                                """);
        assertThat(found)
                .isEqualTo(
                        List.of(
                                "So0|:-1| the-2| hat-3|.-4",
                                "the-2| hat-3|.-4",
                                "anothernull",
                                "",
                                "S0",
                                "o0|:-1| the-2",
                                " h-3",
                                "at-3",
                                "énull",
                                ".-4"));
    }
}
