import {setMark} from './api.js';
import {announce, button, element, showProblem} from './dom.js';

/** @typedef {import('./api.js').Mark} Mark */

/**
 * Two buttons that mark a stage or an answer right or wrong; pressing one again takes the mark back.
 *
 * @param {{trace: string, stage: string | null, mark: Mark, marked: (mark: Mark) => void}} of a
 *     stage of null is the answer
 */
export function markButtons({trace, stage, mark, marked}) {
  const name = stage ?? 'answer';
  const place = element('div');
  /** @type {Record<string, HTMLButtonElement>} */
  const buttons = {};
  let current = mark;
  const show = () => Object.entries(buttons).forEach(([key, made]) =>
    made.setAttribute('aria-pressed', String(key === current)));
  const press = async key => {
    const wanted = current === key ? null : key;
    showProblem(place);
    try {
      await setMark(trace, stage, wanted);
      current = wanted;
      show();
      announce(wanted ? `${name} marked ${wanted}.` : `Mark of ${name} taken back.`);
      marked(wanted);
    } catch (e) {
      showProblem(place, e, () => press(key));
    }
  };
  for (const [key, sign] of [['right', '✓'], ['wrong', '✗']]) {
    buttons[key] = button('', () => press(key), {class: `mark ${key}`, 'data-key': key[0]});
    buttons[key].append(element('span', {'aria-hidden': 'true'}, sign), ` ${
      key === 'right' ? 'Right' : 'Wrong'}`);
  }
  show();
  return element('div', {class: 'marks', role: 'group', 'aria-label': `Mark of ${name}`},
    ...Object.values(buttons), place);
}
