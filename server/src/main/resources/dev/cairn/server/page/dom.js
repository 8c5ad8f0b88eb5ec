/**
 * Makes an element. Text is only ever set as text, so that nothing a model writes is read as HTML.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `onclick` and the like are listeners; true sets an
 *     attribute without a value, false and null set none
 * @param {...(Node|string|null|undefined)} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      made.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value === true ? '' : String(value));
    }
  }
  made.append(...children.filter(child => child !== null && child !== undefined));
  return made;
}

/**
 * @param {string} label
 * @param {() => void} pressed
 * @param {Record<string, unknown>} [attributes]
 */
export function button(label, pressed, attributes = {}) {
  return /** @type {HTMLButtonElement} */ (
    element('button', {type: 'button', onclick: pressed, ...attributes}, label));
}

/** The page's own element of that id. @param {string} id @returns {any} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`The page has no element #${id}.`);
  }
  return found;
}

/**
 * Says to those who listen to the page what others see on it.
 *
 * @param {string} sentence
 */
export function announce(sentence) {
  const announcer = byId('announcer');
  announcer.append(element('p', {}, sentence));
  while (announcer.childElementCount > 3) {
    announcer.firstElementChild.remove();
  }
}

/**
 * Shows what went wrong beside where it did; an empty place when nothing is.
 *
 * @param {HTMLElement} place
 * @param {unknown} [problem]
 * @param {() => void} [retry]
 */
export function showProblem(place, problem, retry) {
  if (!problem) {
    place.replaceChildren();
    return;
  }
  const sentence = problem instanceof Error ? problem.message : String(problem);
  place.replaceChildren(element('p', {class: 'problem', role: 'alert'}, sentence,
    retry ? button('Try again', retry) : null));
}

/** @param {number} millis */
export function duration(millis) {
  return millis < 995 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;
}

/** @param {number} logprob natural logarithm of a probability */
export function percent(logprob) {
  const share = 100 * Math.exp(logprob);
  return share < 1 ? 'under 1 %' : `${Math.round(share)} %`;
}

/** @param {number} count @param {string} noun */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
