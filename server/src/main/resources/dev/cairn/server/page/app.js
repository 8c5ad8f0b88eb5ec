import * as api from './api.js';
import {AskForm} from './ask.js';
import {byId, showProblem} from './dom.js';
import {History} from './history.js';
import {RunView} from './run.js';
import {setUpShading} from './shading.js';

/**
 * @typedef {import('./api.js').Model} Model
 * @typedef {import('./api.js').Trace} Trace
 * @typedef {import('./run.js').Asked} Asked
 */

/** @type {Model[]} */
let models = [];
/** What ends the runs that are going on. @type {Set<AbortController>} */
const running = new Set();

const form = new AskForm(askNow);
const past = new History(id => {
  if (shownTrace() === id) {
    location.hash = '';
  }
});

/** @param {string} id */
function modelOf(id) {
  return models.find(model => model.id === id);
}

function shownTrace() {
  const [, id] = /^#\/trace\/(.+)$/.exec(location.hash) ?? [];
  return id ? decodeURIComponent(id) : null;
}

async function start() {
  try {
    showProblem(byId('ask-problem'));
    models = await api.models();
    form.offer(models);
    past.offer(models);
    await Promise.all([past.refresh(), route()]);
  } catch (e) {
    showProblem(byId('ask-problem'), e, start);
  }
}

/** Shows the trace that the address names, or an empty page. */
async function route() {
  stop();
  const id = shownTrace();
  past.opened(id);
  if (!id) {
    show();
    return;
  }
  try {
    showProblem(byId('ask-problem'));
    const trace = await api.trace(id);
    if (shownTrace() === id) {
      openTrace(trace);
    }
  } catch (e) {
    showProblem(byId('ask-problem'), e, route);
  }
}

/** @param {Trace} trace */
function openTrace(trace) {
  const asked = {input: trace.input, set: trace.set, before: null, edited: null};
  const view = new RunView(trace.model, modelOf(trace.model), 'Asked before:', asked);
  form.fill(trace.model, trace.input);
  view.show(trace);
  show(view);
  offer(view, trace);
  view.title.focus();
}

/** Shows these runs beside each other, the first one being the one to work with. */
function show(...views) {
  byId('result').hidden = views.length === 0;
  byId('runs').replaceChildren(...views.map(view => view.element));
}

function askNow() {
  const {model, baseline, input} = form.value();
  const asked = {input, set: {}, before: null, edited: null};
  const views = [new RunView(model, modelOf(model), 'Asked:', asked)];
  if (baseline !== '' && baseline !== model) {
    views.push(new RunView(baseline, modelOf(baseline), 'Beside it:', asked));
  }
  stop();
  show(...views);
  views.forEach((view, at) => run(view, at === 0));
  views[0].element.scrollIntoView({block: 'nearest'});
}

/**
 * Runs what follows a stage whose text a person wrote; the texts before it stay as they are.
 *
 * @param {Trace} before
 * @param {string} stage
 * @param {string} text
 */
function runEdited(before, stage, text) {
  const set = {...earlierTexts(before, stage), [stage]: text};
  const asked = {input: before.input, set, before, edited: stage};
  const view = new RunView(before.model, modelOf(before.model), 'Run again:', asked);
  byId('runs').firstElementChild.replaceWith(view.element);
  run(view, true);
  view.focusStage(stage);
}

/** @param {Trace} trace @param {string} stage */
function earlierTexts(trace, stage) {
  const at = trace.stages.findIndex(other => other.stage === stage);
  return Object.fromEntries(trace.stages.slice(0, at).map(other => [other.stage, other.output]));
}

/**
 * @param {RunView} view
 * @param {boolean} main whether the address shall name its trace
 */
async function run(view, main) {
  const controller = new AbortController();
  running.add(controller);
  byId('stop').hidden = false;
  const again = () => {
    const next = new RunView(view.id, view.model, 'Asked again:', view.asked);
    view.element.replaceWith(next.element);
    next.title.focus();
    run(next, main);
  };
  const trace = await view.run(controller.signal, again);
  running.delete(controller);
  byId('stop').hidden = running.size === 0;
  if (!trace) {
    return;
  }
  offer(view, trace);
  if (main && trace.id) {
    history.pushState(null, '', `#/trace/${encodeURIComponent(trace.id)}`);
    past.opened(trace.id);
  }
  past.refresh();
}

/** @param {RunView} view @param {Trace} trace */
function offer(view, trace) {
  view.offer(trace, stage => editing(trace, stage), () => past.refresh());
}

/**
 * What can be done with a stage's new text: nothing follows the last stage, and what has no adapter
 * cannot be trained.
 *
 * @param {Trace} trace
 * @param {string} stage
 */
function editing(trace, stage) {
  const model = modelOf(trace.model);
  const stack = model && stackOf(model);
  if (!stack) {
    return null;
  }
  const last = trace.stages.at(-1)?.stage === stage;
  return {
    run: last ? null : text => runEdited(trace, stage, text),
    save: text => api.correct({model: stack.id, stage, input: trace.input,
      texts: earlierTexts(trace, stage), text}),
  };
}

/** The stack that a model is, or is a stage of. @param {Model} model */
function stackOf(model) {
  return models.find(({id, kind}) =>
    kind === 'stack' && (id === model.id || model.id.startsWith(`${id}/`)));
}

function stop() {
  running.forEach(controller => controller.abort());
}

setUpShading();
byId('stop').addEventListener('click', stop);
byId('to-history').addEventListener('click', () => byId('history-title').focus());
addEventListener('hashchange', () => {
  if (location.hash === '' || shownTrace()) {
    route();
  }
});
addEventListener('keydown', event => {
  if (event.key === 'Escape' && !byId('key').open) {
    stop();
  }
});
start();
