// A yes-or-no question in a modal dialog. Looks like the blocking overlay, and is answered before anything starts.
import { languageOf, text } from '../localisation.js';
import { drawPanel } from './overlay-panel.js';

/** Resolves to the answer; Escape is no. The focus goes back to where it was. */
export function ask(element: HTMLElement, question: string): Promise<boolean> {
  return new Promise((resolve) => {
    const host = document.createElement('millrace-question');
    const dialog = document.createElement('dialog');
    host.attachShadow({ mode: 'open' }).append(dialog);
    document.body.append(host);
    const answer = (yes: boolean): void => {
      dialog.close(yes ? 'yes' : '');
    };
    dialog.addEventListener('close', () => {
      host.remove();
      resolve(dialog.returnValue === 'yes');
    });
    drawPanel(dialog, {
      language: languageOf(element),
      title: question,
      needsAnswer: true,
      actions: [
        { label: text(element, 'confirm-yes'), run: () => answer(true), primary: true },
        { label: text(element, 'confirm-no'), run: () => answer(false) },
      ],
    });
    dialog.toggleAttribute('data-visible', true);
    dialog.showModal();
  });
}
