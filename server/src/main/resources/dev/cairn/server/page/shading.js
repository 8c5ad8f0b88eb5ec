import {byId, element, percent} from './dom.js';

/** @typedef {import('./api.js').Token} Token */

/** From which probability on a token belongs to a level, and how the legend says it. */
const LEVELS = [
  {from: 0.9, name: '90 % and more'},
  {from: 0.7, name: 'from 70 %'},
  {from: 0.4, name: 'from 40 %'},
  {from: 0.15, name: 'from 15 %'},
  {from: 0, name: 'less'},
];

/** @param {number} logprob */
function level(logprob) {
  return LEVELS.findIndex(({from}) => Math.exp(logprob) >= from);
}

/** Fills the legend and lets the check box turn the shading off and on. */
export function setUpShading() {
  byId('legend').append(...LEVELS.map(({name}, at) =>
    element('li', {}, element('span', {class: `swatch token p${at}`}, 'ab'), name)));
  const box = byId('shading');
  const apply = () => document.body.classList.toggle('plain', !box.checked);
  box.addEventListener('change', apply);
  apply();
}

/**
 * Which part of a text each token wrote. A stage hands on less than it wrote: without the white
 * space around it, or only what follows a certain text.
 *
 * @param {string} text
 * @param {Token[]} tokens
 * @returns {Token[]} the text in pieces, without probability where no token can be told to be it
 */
export function align(text, tokens) {
  const written = tokens.map(token => token.text).join('');
  const start = written.lastIndexOf(text);
  if (text === '' || start < 0) {
    return text === '' ? [] : [{text, logprob: null}];
  }
  const pieces = [];
  let at = 0;
  for (const token of tokens) {
    const from = Math.max(at, start);
    const to = Math.min(at + token.text.length, start + text.length);
    at += token.text.length;
    if (from < to) {
      pieces.push({text: written.slice(from, to), logprob: token.logprob});
    }
  }
  return pieces;
}

/**
 * The same while a text is still being written: what is certain of it lags behind the tokens, and
 * the white space at its beginning is never handed on.
 */
export class TokenFlow {
  /** @type {Token[]} */
  #pending = [];

  /** @param {string} text what became certain @param {Token[]} tokens what was written */
  take(text, tokens) {
    this.#pending.push(...tokens);
    const pieces = [];
    let rest = text;
    while (rest !== '') {
      const {text: written, logprob} = this.#pending.shift() ?? {text: rest, logprob: null};
      const whole = rest.startsWith(written) || written.startsWith(rest);
      const own = whole ? written : written.trimStart();
      if (rest.startsWith(own)) {
        pieces.push({text: own, logprob});
        rest = rest.slice(own.length);
      } else if (own.startsWith(rest)) {
        pieces.push({text: rest, logprob});
        this.#pending.unshift({text: own.slice(rest.length), logprob});
        rest = '';
      } else {
        pieces.push({text: rest, logprob: null}); // A character divided over tokens.
        this.#pending = [];
        rest = '';
      }
    }
    return pieces;
  }
}

/** White space before a word is not shaded. @param {Token} piece @returns {(Node|string)[]} */
function shaded({text, logprob}) {
  const word = text.trimStart();
  return logprob === null || word === '' ? [text] : [text.slice(0, text.length - word.length),
    element('span', {class: `token p${level(logprob)}`, title: percent(logprob)}, word)];
}

/** A text whose tokens are shaded and can be walked with the arrow keys. */
export class ShadedText {
  #current = -1;

  /** @param {string} name of the stage */
  constructor(name) {
    this.readout = element('p', {class: 'readout note', role: 'status'});
    this.text = element('div', {
      class: 'text', role: 'group', tabindex: '0', 'aria-label': `Text of ${name}`,
      onkeydown: event => this.#key(event), onblur: () => this.#leave(),
    });
  }

  /** @param {Token[]} pieces */
  append(pieces) {
    this.text.append(...pieces.flatMap(shaded));
  }

  /** @param {Token[]} pieces */
  replace(pieces) {
    this.text.replaceChildren();
    this.append(pieces);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
    const tokens = this.text.querySelectorAll('.token');
    if (!step || tokens.length === 0 || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    tokens[this.#current]?.classList.remove('current');
    this.#current = Math.min(Math.max(this.#current + step, 0), tokens.length - 1);
    const token = tokens[this.#current];
    token.classList.add('current');
    this.readout.textContent = `“${token.textContent}”: ${token.getAttribute('title')}`;
  }

  #leave() {
    this.text.querySelector('.current')?.classList.remove('current');
    this.readout.textContent = '';
    this.#current = -1;
  }
}
