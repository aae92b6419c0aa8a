// The data tab: the variables after a step, and what the step made of them.
import { html, type TemplateResult } from 'lit';
import type { ViewContent } from './view.js';

export function render({ moment, at }: ViewContent): TemplateResult {
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Variable</th>
        <th scope="col">Value after step ${at}</th>
      </tr>
    </thead>
    <tbody>
      ${Object.entries(moment.variables).map(
        ([name, value]) =>
          html`<tr class=${moment.written.has(name) ? 'written' : ''}>
            <th scope="row">${name}${moment.written.has(name) ? ' (written now)' : ''}</th>
            <td><pre>${JSON.stringify(value, null, 2)}</pre></td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
