import {ask} from './api.js';
import {AnswerCard} from './answer.js';
import {announce, duration, element, showProblem} from './dom.js';
import {StageCard} from './stages.js';

/**
 * @typedef {import('./api.js').Model} Model
 * @typedef {import('./api.js').Trace} Trace
 * @typedef {import('./api.js').RunEvent} RunEvent
 * @typedef {{input: string, set: Record<string, string>, before: Trace | null,
 *     edited: string | null}} Asked
 *     `set` are the texts of stages that are not run, `edited` the one among them that a person
 *     wrote; the others are kept from the run `before`
 */

/** One model's way to an answer: its stages, one below the other, and what they come to. */
export class RunView {
  #list = element('ol', {class: 'stages'});
  #progress = element('p', {class: 'progress note'});
  #problem = element('div');
  #answer = new AnswerCard();
  /** @type {Map<string, StageCard>} */
  #cards = new Map();
  /** @type {string | null} */
  #trace = null;
  /** Whether the server said that it has the request and keeps it waiting. */
  #queued = false;

  /**
   * @param {string} id of the model
   * @param {Model | undefined} model undefined where it is not served any more
   * @param {string} title
   * @param {Asked} asked
   */
  constructor(id, model, title, asked) {
    this.id = id;
    this.model = model;
    this.asked = asked;
    this.title = element('h2', {tabindex: '-1'}, title, ' ', element('span', {}, id));
    this.element = element('section', {class: 'run', 'aria-label': `${title} ${id}`},
      this.title, this.#progress, this.#problem, this.#list, this.#answer.element);
    (model?.stages ?? []).forEach(name => this.#card(name));
  }

  /**
   * Asks, and shows what comes.
   *
   * @param {AbortSignal} signal
   * @param {() => void} again what a person may try when it failed
   * @returns {Promise<Trace | null>} null when it failed or was stopped
   */
  async run(signal, again) {
    this.#showGiven();
    const begun = performance.now();
    const tick = () => this.#tick(performance.now() - begun);
    const clock = setInterval(tick, 100);
    tick();
    try {
      for await (const event of ask({model: this.id, ...this.asked}, signal)) {
        this.#take(event);
      }
      return this.#done(performance.now() - begun);
    } catch (e) {
      this.#broken(signal.aborted, e, again, performance.now() - begun);
      return null;
    } finally {
      clearInterval(clock);
    }
  }

  /** Shows a run of the past. @param {Trace} trace */
  show(trace) {
    trace.stages.forEach(stage => this.#finish(stage));
    this.#answer.append(trace.answer);
    this.#progress.textContent = `took ${duration(trace.millis)}`;
  }

  /**
   * Lets a person mark, edit and save, once a run is over.
   *
   * @param {Trace} trace
   * @param {(stage: string) => import('./stages.js').EditActions | null} editing
   * @param {() => void} marked
   */
  offer(trace, editing, marked) {
    for (const card of this.#cards.values()) {
      const actions = editing(card.name);
      if (actions && card.trace) {
        card.offerEditing(actions);
      }
      // What the only stage says is the answer.
      if (trace.id && card.trace && trace.stages.length > 1) {
        card.offerMarks(trace.id, trace.marks.stages[card.name] ?? null);
      }
    }
    if (trace.id) {
      this.#answer.offerMarks(trace.id, trace.marks.answer, marked);
    }
  }

  /** @param {string} stage */
  focusStage(stage) {
    this.#card(stage).focus();
  }

  /** @param {string} name */
  #card(name) {
    let card = this.#cards.get(name);
    if (!card) {
      card = new StageCard(name);
      this.#cards.set(name, card);
      this.#list.append(card.element);
    }
    return card;
  }

  /** What is not run can be read before the server answers. */
  #showGiven() {
    const {before, set} = this.asked;
    for (const stage of before?.stages ?? []) {
      if (stage.stage in set) {
        this.#finish({...stage, output: set[stage.stage], finish_reason: 'edited', tokens: []});
      }
    }
  }

  /** @param {RunEvent} event */
  #take(event) {
    if (event.event === 'waiting') {
      this.#queued = true;
    } else if (event.event === 'stage_started') {
      this.#card(event.stage).read(event.prompt);
    } else if (event.event === 'stage_text') {
      this.#card(event.stage).write(event.text, event.tokens);
    } else if (event.event === 'stage_finished') {
      this.#finish(event.trace);
      announce(`${event.stage} of ${this.id} is done.`);
    } else if (event.event === 'answer') {
      this.#answer.append(event.text);
    } else if (event.event === 'done') {
      this.#trace = event.trace_id;
    }
  }

  /** @param {import('./api.js').StageTrace} trace */
  #finish(trace) {
    const {before, edited, set} = this.asked;
    const card = this.#card(trace.stage);
    const earlier = before?.stages.find(({stage}) => stage === trace.stage);
    if (earlier && trace.stage in set && trace.stage !== edited) {
      card.finish(earlier, 'kept');
      return;
    }
    const given = trace.stage === edited ? 'edited' : 'given';
    card.finish(trace, trace.finish_reason === 'edited' ? given : 'done');
    if (earlier) {
      card.compare(earlier.output);
    }
  }

  /** @param {number} millis @returns {Trace} */
  #done(millis) {
    const stages = [...this.#cards.values()].flatMap(card => card.trace ?? []);
    if (this.#answer.text === '') {
      this.#answer.append(stages.at(-1)?.output ?? '');
    }
    if (this.asked.before) {
      this.#answer.compare(this.asked.before.answer);
    }
    this.#progress.textContent = `took ${duration(millis)}`;
    announce(`Answer of ${this.id}: ${this.#answer.text}`);
    return {
      id: this.#trace, model: this.id, input: this.asked.input, set: this.asked.set,
      answer: this.#answer.text, millis, stages, marks: {answer: null, stages: {}},
    };
  }

  /**
   * @param {boolean} stopped
   * @param {unknown} problem
   * @param {() => void} again
   * @param {number} millis
   */
  #broken(stopped, problem, again, millis) {
    for (const card of this.#cards.values()) {
      if (card.state === 'waiting') {
        card.become('not run');
      } else if (card.state === 'reading' || card.state === 'writing') {
        card.become(stopped ? 'stopped' : 'failed');
      }
    }
    this.#progress.textContent = `${stopped ? 'stopped' : 'failed'} after ${duration(millis)}`;
    if (stopped) {
      announce(`${this.id} was stopped.`);
    } else {
      showProblem(this.#problem, problem, again);
    }
  }

  /** @param {number} millis */
  #tick(millis) {
    const cards = [...this.#cards.values()];
    const active = cards.find(({state}) => state === 'reading' || state === 'writing');
    const before = this.#queued ? 'waiting for its turn' : 'sent to the server';
    const what = active ? `${active.name} is ${active.state}`
      : cards.some(card => card.trace) ? 'going on to the next stage' : before;
    this.#progress.textContent = `${what} · ${(millis / 1000).toFixed(1)} s`;
  }
}
