import {byId} from './dom.js';

const KEPT = 'cairn.key';

/** The API key that was given in this tab, or null. */
export function currentKey() {
  return sessionStorage.getItem(KEPT);
}

/** @type {Promise<boolean> | null} */
let asking = null;

/**
 * Asks for a key, once however many requests need it.
 *
 * @param {string | null} refused the key that the server did not take, if one was sent
 * @returns {Promise<boolean>} whether there is another key now
 */
export function askForKey(refused) {
  if (currentKey() !== refused) {
    return Promise.resolve(true);
  }
  asking ??= ask(refused).finally(() => { asking = null; });
  return asking;
}

/** @param {string | null} refused @returns {Promise<boolean>} */
function ask(refused) {
  /** @type {HTMLDialogElement} */
  const dialog = byId('key');
  const field = byId('key-text');
  byId('key-why').textContent = refused
    ? 'The server does not know that key.' : 'This server answers only those who have a key.';
  byId('key-cancel').onclick = () => dialog.close('');
  field.value = '';
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      const given = dialog.returnValue === 'use' && field.value.trim() !== '';
      if (given) {
        sessionStorage.setItem(KEPT, field.value.trim());
      }
      field.value = '';
      resolve(given);
    }, {once: true});
  });
}
