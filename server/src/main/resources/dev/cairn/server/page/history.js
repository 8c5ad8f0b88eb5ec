import {remove, traces} from './api.js';
import {announce, button, byId, duration, element, showProblem} from './dom.js';

/** @typedef {import('./api.js').Summary} Summary */

/** The traces that the server keeps: searched, opened again, deleted. */
export class History {
  #list = byId('traces');
  #more = byId('more');
  #note = byId('history-note');
  #problem = byId('history-problem');
  #asked = 0;
  #last = '';
  /** @type {string | null} */
  #open = null;

  /** @param {(id: string) => void} deleted */
  constructor(deleted) {
    this.deleted = deleted;
    let typing = 0;
    byId('search').addEventListener('input', () => {
      clearTimeout(typing);
      typing = setTimeout(() => this.refresh(), 200);
    });
    byId('filter').addEventListener('submit', event => {
      event.preventDefault();
      this.refresh();
    });
    byId('filter-model').addEventListener('change', () => this.refresh());
    byId('filter-mark').addEventListener('change', () => this.refresh());
    this.#more.addEventListener('click', () => this.#load(this.#last));
  }

  /** @param {import('./api.js').Model[]} models */
  offer(models) {
    byId('filter-model').append(...models.map(({id}) => element('option', {value: id}, id)));
  }

  refresh() {
    return this.#load('');
  }

  /** @param {string | null} id of the trace that is shown */
  opened(id) {
    this.#open = id;
    for (const link of this.#list.querySelectorAll('a')) {
      link.setAttribute('aria-current', String(link.dataset.id === id));
    }
  }

  /** @param {string} before loads what is older than this trace; empty for the newest */
  async #load(before) {
    const asked = ++this.#asked; // An answer to an older question must not replace a newer one.
    const filter = {query: byId('search').value.trim(), model: byId('filter-model').value,
      mark: byId('filter-mark').value};
    try {
      const found = await traces({...filter, limit: '25', before});
      if (asked === this.#asked) {
        this.#show(found, before === '', Object.values(filter).some(value => value !== ''));
      }
    } catch (e) {
      showProblem(this.#problem, e, () => this.#load(before));
    }
  }

  /**
   * @param {{traces: Summary[], more: boolean, off?: boolean}} found
   * @param {boolean} fresh
   * @param {boolean} filtered
   */
  #show(found, fresh, filtered) {
    showProblem(this.#problem);
    const items = found.traces.map(trace => this.#item(trace));
    if (fresh) {
      this.#list.replaceChildren();
    }
    this.#list.append(...items);
    this.#last = found.traces.at(-1)?.id ?? '';
    this.#more.hidden = !found.more;
    const none = filtered ? 'Nothing found.' : 'Nothing was asked yet.';
    const off = 'This server keeps no traces, so there is no history and nothing can be marked.';
    this.#note.textContent = found.off ? off : this.#list.childElementCount === 0 ? none : '';
    if (!fresh) {
      items[0]?.querySelector('a')?.focus();
    }
  }

  /** @param {Summary} trace */
  #item(trace) {
    const mark = trace.mark ? `${trace.mark === 'right' ? '✓' : '✗'} ${trace.mark}` : null;
    const link = element('a', {
      href: `#/trace/${encodeURIComponent(trace.id)}`, 'data-id': trace.id,
      'aria-current': String(trace.id === this.#open),
    }, element('span', {class: 'asked'}, trace.input),
    element('span', {class: 'got'}, trace.answer),
    element('span', {class: 'note'}, [trace.model, when(trace.created), duration(trace.millis)]
      .join(' · ')), mark ? element('span', {class: `mark ${trace.mark}`}, mark) : null);
    const item = element('li', {}, link);
    item.append(this.#deleteButton(trace, item));
    return item;
  }

  /** Deletes at the second press, so that none is lost by a slip. */
  #deleteButton(trace, item) {
    let sure = false;
    const label = 'Delete';
    const made = button(label, async () => {
      if (!sure) {
        sure = true;
        made.textContent = 'Really delete?';
        made.removeAttribute('aria-label');
        return;
      }
      try {
        await remove(trace.id);
        const next = item.nextElementSibling ?? item.previousElementSibling;
        item.remove();
        (next?.querySelector('a') ?? byId('search')).focus();
        announce('Deleted.');
        this.deleted(trace.id);
      } catch (e) {
        showProblem(this.#problem, e);
      }
    }, {class: 'delete', 'aria-label': `Delete: ${trace.input.slice(0, 60)}`, onblur: () => {
      sure = false;
      made.textContent = label;
    }});
    return made;
  }
}

/** @param {string} created ISO 8601 */
function when(created) {
  const date = new Date(created);
  const today = date.toDateString() === new Date().toDateString();
  return today ? date.toLocaleTimeString([], {timeStyle: 'short'})
    : date.toLocaleDateString([], {dateStyle: 'medium'});
}
