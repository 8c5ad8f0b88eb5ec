import {counted, element} from './dom.js';

/** @typedef {{kind: 'same' | 'ins' | 'del', text: string}} Part */

/** Beyond this many pairs of words, two texts are shown as wholly different. */
const MOST_PAIRS = 4_000_000;

/**
 * What became of a text, word by word: the longest common subsequence stays, the rest was taken out
 * or put in.
 *
 * @param {string} before
 * @param {string} after
 * @returns {Part[]}
 */
export function diff(before, after) {
  const a = words(before);
  const b = words(after);
  const same = (i, j) => a[i].trim() === b[j].trim();
  let head = 0;
  while (head < a.length && head < b.length && same(head, head)) {
    head++;
  }
  let tail = 0;
  while (tail < Math.min(a.length, b.length) - head
      && same(a.length - 1 - tail, b.length - 1 - tail)) {
    tail++;
  }
  const parts = [...b.slice(0, head).map(word => part('same', word)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...b.slice(b.length - tail).map(word => part('same', word))];
  return joined(parts);
}

/** @param {string} text @returns {string[]} its words, each with the white space before it */
function words(text) {
  return text.match(/\s*\S+/g) ?? [];
}

/** @param {Part['kind']} kind @param {string} text @returns {Part} */
function part(kind, text) {
  return {kind, text};
}

/** @param {string[]} a @param {string[]} b @returns {Part[]} */
function middle(a, b) {
  if (a.length * b.length > MOST_PAIRS) {
    return [...a.map(word => part('del', word)), ...b.map(word => part('ins', word))];
  }
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  const same = (i, j) => a[i].trim() === b[j].trim();
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i * width + j] = same(i, j) ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const parts = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && same(i, j)) {
      parts.push(part('same', b[j++]));
      i++;
    } else if (j === b.length
        || (i < a.length && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
      parts.push(part('del', a[i++]));
    } else {
      parts.push(part('ins', b[j++]));
    }
  }
  return parts;
}

/** Neighbours of one kind as one part, words kept apart. @param {Part[]} parts */
function joined(parts) {
  /** @type {Part[]} */
  const result = [];
  for (const {kind, text} of parts) {
    const last = result.at(-1);
    const apart = last === undefined || /^\s/.test(text) ? text : ` ${text}`;
    if (last?.kind === kind) {
      last.text += apart;
    } else {
      result.push({kind, text: apart});
    }
  }
  return result;
}

/**
 * The difference for people, with words beside the colours.
 *
 * @param {string} before
 * @param {string} after
 */
export function difference(before, after) {
  const parts = diff(before, after);
  const count = kind => parts.filter(p => p.kind === kind).flatMap(p => words(p.text)).length;
  if (count('ins') + count('del') === 0) {
    return element('p', {class: 'difference note'}, 'Same as before.');
  }
  const summary = `Against the run before: ${counted(count('ins'), 'word')} added, ${
    count('del')} removed.`;
  return element('div', {class: 'difference'}, element('p', {class: 'note'}, summary),
    element('p', {class: 'parts'}, ...parts.flatMap(shown)));
}

/** @param {Part} part @returns {(Node|string)[]} */
function shown({kind, text}) {
  if (kind === 'same') {
    return [text];
  }
  const word = text.trimStart();
  const spoken = element('span', {class: 'unseen'}, kind === 'ins' ? 'added: ' : 'removed: ');
  return [text.slice(0, text.length - word.length), element(kind, {}, spoken, word)];
}
