/** @typedef {{data: string} | {comment: string}} SseItem */

/**
 * Takes server-sent events apart, wherever the stream was cut into chunks: in the middle of a line,
 * between a carriage return and its line feed, or within an event of several lines.
 */
export class SseParser {
  #rest = '';
  /** @type {string[]} */
  #data = [];

  /**
   * @param {string} chunk
   * @returns {SseItem[]} what the chunk completed
   */
  push(chunk) {
    const text = this.#rest + chunk;
    /** @type {SseItem[]} */
    const items = [];
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const char = text[at];
      if (char !== '\n' && char !== '\r') {
        continue;
      }
      if (char === '\r' && at === text.length - 1) {
        break; // A line feed that belongs to it may be in the next chunk.
      }
      this.#line(text.slice(start, at), items);
      at += char === '\r' && text[at + 1] === '\n' ? 1 : 0;
      start = at + 1;
    }
    this.#rest = text.slice(start);
    return items;
  }

  /** @param {string} line @param {SseItem[]} items */
  #line(line, items) {
    if (line === '') {
      if (this.#data.length > 0) {
        items.push({data: this.#data.join('\n')});
        this.#data = [];
      }
    } else if (line.startsWith(':')) {
      items.push({comment: line.slice(1).trim()});
    } else if (line === 'data' || line.startsWith('data:')) {
      this.#data.push(line.slice(5).replace(/^ /, ''));
    }
  }
}

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<SseItem>}
 */
export async function* serverEvents(body) {
  const parser = new SseParser();
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const {done, value} = await reader.read();
      if (done) {
        return;
      }
      yield* parser.push(decoder.decode(value, {stream: true}));
    }
  } finally {
    reader.cancel().catch(() => {}); // Whoever stops listening lets the server know at once.
  }
}
