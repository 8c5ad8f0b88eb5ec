import {announce, button, element, showProblem} from './dom.js';

/**
 * Where a person writes what a stage should have said.
 *
 * @param {string} name of the stage
 * @param {string} text
 * @param {import('./stages.js').EditActions} actions
 * @param {() => void} close
 */
export function editor(name, text, actions, close) {
  const problem = element('div');
  const saved = element('p', {class: 'saved', role: 'status'});
  const field = /** @type {HTMLTextAreaElement} */ (element('textarea', {
    'aria-label': `New text of ${name}`, rows: Math.min(12, 2 + Math.ceil(text.length / 60)),
  }));
  field.value = text;
  const save = async () => {
    showProblem(problem);
    saved.textContent = '';
    try {
      const file = await actions.save?.(field.value);
      saved.textContent = `Saved as a training example of ${name} in ${file}.`;
    } catch (e) {
      showProblem(problem, e, save);
    }
  };
  const run = () => {
    announce(`Running what follows ${name}.`);
    actions.run?.(field.value);
  };
  field.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && actions.run) {
      event.preventDefault();
      run();
    }
  });
  return {
    element: element('div', {class: 'editor'}, field, element('div', {class: 'row'},
      actions.run ? button('Run what follows', run, {class: 'main'}) : null,
      actions.save ? button('Save as training example', save) : null,
      button('Cancel', close)), saved, problem),
    focus: () => field.focus(),
  };
}
