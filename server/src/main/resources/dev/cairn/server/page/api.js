import {askForKey, currentKey} from './key.js';
import {serverEvents} from './sse.js';

/**
 * @typedef {'right' | 'wrong' | null} Mark
 * @typedef {{id: string, kind: 'stack' | 'stage' | 'base', description: string, base: string,
 *     stages: string[]}} Model
 * @typedef {{text: string, logprob: number | null}} Token
 * @typedef {{stage: string, prompt: string, output: string, finish_reason: string,
 *     prompt_tokens: number, truncated_tokens: number, completion_tokens: number,
 *     mean_logprob: number, tokens: string[], token_logprobs: number[], prefill_ms: number,
 *     decode_ms: number}} StageTrace
 * @typedef {{id: string, created: string, model: string, input: string, answer: string,
 *     mark: Mark, millis: number}} Summary
 * @typedef {{id: string | null, model: string, input: string, answer: string, millis: number,
 *     stages: StageTrace[], set: Record<string, string>,
 *     marks: {answer: Mark, stages: Record<string, Mark>}}} Trace
 * @typedef {{event: 'waiting'} | {event: 'stage_started', stage: string, prompt: string}
 *     | {event: 'stage_text', stage: string, text: string, tokens: Token[]}
 *     | {event: 'stage_finished', stage: string, trace: StageTrace}
 *     | {event: 'answer', text: string} | {event: 'done', trace_id: string | null}} RunEvent
 */

/** Something that a person can be told, in a sentence. */
export class Problem extends Error {}

const ROOT = new URL('../', import.meta.url);

/** @returns {Promise<Model[]>} stacks first, then stages, then bases */
export async function models() {
  const order = ['stack', 'stage', 'base'];
  const list = await (await call('GET', 'v1/models')).json();
  return list.data
    .map(model => ({...model.cairn, id: model.id}))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/**
 * Asks a model and tells how the answer comes about.
 *
 * @param {{model: string, input: string, set: Record<string, string>}} question
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<RunEvent>}
 */
export async function* ask({model, input, set}, signal) {
  const response = await call('POST', 'v1/chat/completions', {
    model, messages: [{role: 'user', content: input}], stream: true, cairn: {trace: true, set},
  }, signal);
  try {
    for await (const item of serverEvents(response.body)) {
      if ('comment' in item) {
        yield {event: 'waiting'};
      } else if (item.data === '[DONE]') {
        return;
      } else {
        yield* runEvents(JSON.parse(item.data));
      }
    }
  } catch (e) {
    throw e instanceof TypeError ? new Problem('The connection to the server was lost.') : e;
  }
  throw new Problem('The connection ended before the answer was complete.');
}

/** @param {any} chunk @returns {Generator<RunEvent>} */
function* runEvents(chunk) {
  if (chunk.error) {
    throw new Problem(sentence(chunk.error.message));
  }
  if (chunk.cairn) {
    yield chunk.cairn;
  }
  const text = chunk.choices?.[0]?.delta?.content;
  if (text) {
    yield {event: 'answer', text};
  }
}

/**
 * @param {Record<string, string>} filter
 * @returns {Promise<{traces: Summary[], more: boolean, off?: boolean}>}
 */
export async function traces(filter) {
  const given = Object.entries(filter).filter(([, value]) => value !== '');
  return (await call('GET', `api/traces?${new URLSearchParams(given)}`)).json();
}

/** @param {string} id @returns {Promise<Trace>} */
export async function trace(id) {
  return (await call('GET', tracePath(id))).json();
}

/** @param {string} id @param {string | null} stage null for the answer @param {Mark} mark */
export async function setMark(id, stage, mark) {
  await call('PUT', `${tracePath(id)}/marks`, {stage, mark});
}

/** @param {string} id */
export async function remove(id) {
  await call('DELETE', tracePath(id));
}

/**
 * @param {{model: string, stage: string, input: string, texts: Record<string, string>,
 *     text: string}} correction
 * @returns {Promise<string>} the file it was added to
 */
export async function correct(correction) {
  return (await (await call('POST', 'api/corrections', correction)).json()).file;
}

/** @param {string} id */
function tracePath(id) {
  return `api/traces/${encodeURIComponent(id)}`;
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
async function call(method, path, body, signal) {
  const key = currentKey();
  const headers = {
    ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
    ...(key ? {Authorization: `Bearer ${key}`} : {}),
  };
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const response = await reach(new URL(path, ROOT), {method, headers, body: sent, signal});
  if (response.status === 401 && await askForKey(key)) {
    return call(method, path, body, signal);
  }
  if (!response.ok) {
    throw new Problem(await reason(response));
  }
  return response;
}

/** @param {URL} url @param {RequestInit} request */
async function reach(url, request) {
  try {
    return await fetch(url, request);
  } catch (e) {
    throw e instanceof TypeError
      ? new Problem('The server cannot be reached. Is it still running?') : e;
  }
}

/** @param {Response} response */
async function reason(response) {
  const {error} = await response.json().catch(() => ({error: null}));
  const wait = response.headers.get('Retry-After');
  return sentence(error?.message ?? `the server answered with status ${response.status}`)
    + (wait ? ` Try again in ${wait} s.` : '');
}

/** The server's errors begin in small letters, for a command line. @param {string} message */
function sentence(message) {
  return message.charAt(0).toUpperCase() + message.slice(1) + (/[.!?]$/.test(message) ? '' : '.');
}
