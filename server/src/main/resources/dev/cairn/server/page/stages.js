import {button, counted, duration, element, percent} from './dom.js';
import {difference} from './diff.js';
import {editor} from './edit.js';
import {markButtons} from './marks.js';
import {align, ShadedText, TokenFlow} from './shading.js';

/**
 * @typedef {import('./api.js').StageTrace} StageTrace
 * @typedef {import('./api.js').Token} Token
 * @typedef {import('./api.js').Mark} Mark
 * @typedef {'waiting' | 'reading' | 'writing' | 'done' | 'given' | 'kept' | 'edited' | 'stopped'
 *     | 'failed' | 'not run'} State
 * @typedef {{run: ((text: string) => void) | null,
 *     save: ((text: string) => Promise<string>) | null}} EditActions
 */

/** What one stage was asked and says, while it comes about and after. */
export class StageCard {
  #state = element('span', {class: 'state'});
  #figures = element('p', {class: 'figures note'});
  #shaded;
  #flow = new TokenFlow();
  #prompt = element('pre', {tabindex: '0'});
  #summary = element('summary', {'data-key': 'p'}, 'Prompt');
  #details = element('details', {hidden: true});
  #changes = element('div');
  #tools = element('div', {class: 'tools'});
  #place = element('div');

  /** @param {string} name */
  constructor(name) {
    this.name = name;
    /** @type {StageTrace | null} */
    this.trace = null;
    this.#shaded = new ShadedText(name);
    this.#prompt.setAttribute('aria-label', `Prompt of ${name}`);
    this.#details.append(this.#summary, this.#prompt, copyButton(this.#prompt, name));
    this.element = element('li', {class: 'stage', onkeydown: pressKey},
      element('div', {class: 'head'}, element('h3', {}, name), this.#state, this.#figures),
      this.#shaded.text, this.#shaded.readout, this.#changes, this.#place, this.#details,
      this.#tools);
    this.become('waiting');
  }

  /** @param {State} state */
  become(state) {
    this.state = state;
    this.element.dataset.state = state;
    this.#state.textContent = state === 'kept' ? 'kept from the run before' : state;
  }

  /** @param {string} prompt */
  read(prompt) {
    this.become('reading');
    this.#showPrompt(prompt);
  }

  /** @param {string} text @param {Token[]} tokens */
  write(text, tokens) {
    this.become('writing');
    this.#shaded.append(this.#flow.take(text, tokens));
  }

  /** @param {StageTrace} trace @param {State} state */
  finish(trace, state) {
    this.trace = trace;
    this.become(state);
    const tokens = trace.tokens.map((text, at) => ({text, logprob: trace.token_logprobs[at] ?? null}));
    this.#shaded.replace(align(trace.output, tokens));
    this.#figures.replaceChildren(...figures(trace));
    if (trace.prompt !== '') {
      this.#showPrompt(trace.prompt, trace.prompt_tokens);
    }
  }

  /** @param {string} before the text of the run before */
  compare(before) {
    this.#changes.replaceChildren(difference(before, this.trace?.output ?? ''));
  }

  /** @param {EditActions} actions */
  offerEditing(actions) {
    const edit = button('Edit', () => this.#edit(actions, edit),
      {'data-key': 'e', 'aria-label': `Edit ${this.name}`});
    this.#tools.prepend(edit);
  }

  /** @param {string} trace @param {Mark} mark */
  offerMarks(trace, mark) {
    this.#tools.append(markButtons({trace, stage: this.name, mark, marked: () => {}}));
  }

  focus() {
    this.#shaded.text.focus();
  }

  /** @param {EditActions} actions @param {HTMLButtonElement} edit */
  #edit(actions, edit) {
    edit.hidden = true;
    const close = () => {
      this.#place.replaceChildren();
      edit.hidden = false;
      edit.focus();
    };
    const made = editor(this.name, this.trace?.output ?? '', actions, close);
    this.#place.replaceChildren(made.element);
    made.focus();
  }

  /** @param {string} prompt @param {number} [tokens] */
  #showPrompt(prompt, tokens) {
    this.#details.hidden = false;
    this.#prompt.textContent = prompt;
    this.#summary.textContent = tokens ? `Prompt, ${counted(tokens, 'token')}` : 'Prompt';
  }
}

/** @param {StageTrace} trace @returns {HTMLElement[]} */
function figures(trace) {
  if (trace.finish_reason === 'edited') {
    return [];
  }
  const item = text => element('span', {}, text);
  return [
    item(`read ${duration(trace.prefill_ms)}`),
    item(`wrote ${counted(trace.completion_tokens, 'token')} in ${duration(trace.decode_ms)}`),
    item(`mean confidence ${percent(trace.mean_logprob)}`),
    ...(trace.finish_reason === 'length' ? [item('stopped at its limit')] : []),
    ...(trace.truncated_tokens > 0
      ? [item(`first ${counted(trace.truncated_tokens, 'token')} of the prompt left out`)] : []),
  ];
}

/** @param {HTMLElement} prompt @param {string} name */
function copyButton(prompt, name) {
  const copy = button('Copy', async () => {
    try {
      await navigator.clipboard.writeText(prompt.textContent ?? '');
      copy.textContent = 'Copied';
    } catch {
      getSelection()?.selectAllChildren(prompt); // Where the clipboard is closed to pages.
      copy.textContent = 'Selected: press Ctrl C';
    }
  }, {'aria-label': `Copy the prompt of ${name}`, class: 'copy'});
  return copy;
}

/**
 * A key pressed in a stage or an answer presses the button that has it.
 *
 * @param {KeyboardEvent} event
 */
export function pressKey(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const card = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches('textarea, input, select')) {
    return;
  }
  const pressed = card.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (pressed instanceof HTMLElement && pressed.checkVisibility()) {
    event.preventDefault();
    pressed.click();
  }
}
