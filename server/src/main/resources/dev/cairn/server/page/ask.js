import {byId, element} from './dom.js';

/** @typedef {import('./api.js').Model} Model */

const GROUPS = {stack: 'Stacks', stage: 'Single stages', base: 'Bases'};

/** The form: which model, which beside it, and the question. */
export class AskForm {
  /** @type {Model[]} */
  #models = [];
  #model = byId('model');
  #baseline = byId('baseline');
  #question = byId('question');

  /** @param {() => void} asked */
  constructor(asked) {
    const form = byId('ask');
    form.addEventListener('submit', event => {
      event.preventDefault();
      asked();
    });
    this.#question.addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    this.#model.addEventListener('change', () => this.#chosen());
  }

  /** @param {Model[]} models */
  offer(models) {
    this.#models = models;
    this.#model.replaceChildren(...options(models));
    this.#baseline.replaceChildren(element('option', {value: ''}, 'nothing'), ...options(models));
    this.#chosen();
  }

  /** The question as it stands in the form. */
  value() {
    return {model: this.#model.value, baseline: this.#baseline.value, input: this.#question.value};
  }

  /** @param {string} model @param {string} input */
  fill(model, input) {
    if (this.#models.some(({id}) => id === model)) {
      this.#model.value = model;
      this.#chosen();
    }
    this.#question.value = input;
  }

  /** Beside a model stands its base unless a person chooses otherwise. */
  #chosen() {
    const model = this.#models.find(({id}) => id === this.#model.value);
    const base = this.#models.find(({id}) => id === model?.base && id !== model?.id);
    this.#baseline.value = base?.id ?? '';
    byId('about-model').textContent = about(model);
  }
}

/** @param {Model | undefined} model */
function about(model) {
  if (!model) {
    return '';
  }
  const stages = model.stages.length > 1 ? `Stages: ${model.stages.join(', ')}.` : '';
  return [model.description, stages].filter(text => text !== '').join(' ');
}

/** @param {Model[]} models */
function options(models) {
  return Object.entries(GROUPS)
    .map(([kind, label]) => ({label, members: models.filter(model => model.kind === kind)}))
    .filter(({members}) => members.length > 0)
    .map(({label, members}) => element('optgroup', {label},
      ...members.map(({id}) => element('option', {value: id}, id))));
}
