import {difference} from './diff.js';
import {element} from './dom.js';
import {markButtons} from './marks.js';
import {pressKey} from './stages.js';

/** What a run comes to. */
export class AnswerCard {
  #text = element('p', {class: 'said', tabindex: '0', 'aria-label': 'Answer', role: 'group'});
  #changes = element('div');
  #tools = element('div', {class: 'tools'});
  element = element('div', {class: 'answer', hidden: true, onkeydown: pressKey},
    element('h3', {}, 'Answer'), this.#text, this.#changes, this.#tools);

  get text() {
    return this.#text.textContent ?? '';
  }

  /** @param {string} text */
  append(text) {
    this.element.hidden = false;
    this.#text.append(text);
  }

  /** @param {string} before the answer of the run before */
  compare(before) {
    this.#changes.replaceChildren(difference(before, this.text));
  }

  /**
   * @param {string} trace
   * @param {import('./api.js').Mark} mark
   * @param {() => void} marked
   */
  offerMarks(trace, mark, marked) {
    this.#tools.append(markButtons({trace, stage: null, mark, marked}));
  }
}
