/// <reference types="vite/client" />
// Draw a file, read it, press the button, look inside. The reader is loaded when the first file is read.
import './page.js';
import '../components/flow-inspector/define.js';
import { runtime } from '../components/index.js';
import type { ReportEntry } from '../src/bpmn/index.js';
import sample from './flows/holiday.bpmn?raw';

/** May do the tasks of whatever is read. */
const ROLES = ['approver', 'user'];
runtime.user = { id: 'casey', name: 'Casey', roles: ROLES };
runtime.implement('script', () => null);

const form = document.querySelector<HTMLFormElement>('#file')!;
const text = form.querySelector('textarea')!;
const outcome = document.querySelector('#outcome')!;
const report = document.querySelector('#report')!;
const button = document.querySelector('process-button')!;

async function read(): Promise<void> {
  const { importBpmn } = await import('../src/bpmn/index.js');
  report.replaceChildren();
  try {
    const { definitions, report: entries } = await importBpmn(text.value);
    runtime.define(...definitions);
    const [first] = definitions;
    button.toggleAttribute('disabled', !first);
    if (first) {
      button.setAttribute('process', first.flow);
      const roles = definitions.flatMap((d) => Object.keys(d.roles ?? {}));
      runtime.user = { id: 'casey', name: 'Casey', roles: [...new Set([...ROLES, ...roles])] };
    }
    outcome.textContent = first
      ? `“${first.title ?? first.flow}” can be started. ${entries.length === 0 ? 'All of it is carried over.' : 'What is not carried over, or only in part:'}`
      : 'There is no process in it that could run.';
    report.replaceChildren(...entries.map(entry));
  } catch (error) {
    outcome.textContent = error instanceof Error ? error.message : String(error);
  }
}

function entry({ kind, id, line, consequence }: ReportEntry): HTMLElement {
  const item = document.createElement('li');
  const where = line === undefined ? '' : `, line ${line}`;
  item.append(
    Object.assign(document.createElement('code'), { textContent: `${kind} ${id}` }),
    `${where}: ${consequence}`,
  );
  return item;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void read();
});
form.querySelector('input')!.addEventListener('change', async (event) => {
  const file = (event.target as HTMLInputElement).files?.[0];
  if (!file) return;
  text.value = await file.text();
  await read();
});

text.value = sample;
await runtime.resume();
await read();
