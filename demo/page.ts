// What all demo pages share: navigation, the flows, the settings of the API and its log.
import { runtime } from '../components/index.js';
import '../components/inspector-panel/define.js';
import checkCredit from './flows/check-credit.flow.json';
import loanApproval from './flows/loan-approval.flow.json';
import type { FlowDefinition } from '../src/runtime/index.js';

runtime.define(checkCredit as unknown as FlowDefinition, loanApproval as unknown as FlowDefinition);

const pages = [
  ['index.html', 'Start'],
  ['order.html', 'Order (microflow)'],
  ['loan.html', 'Loan (process)'],
  ['tasks.html', 'Tasks'],
  ['bpmn.html', 'BPMN'],
  ['manage.html', 'Managing'],
  ['inspect.html', 'Inspector'],
  ['replay.html', 'Saved instances'],
  ['code.html', 'Code'],
] as const;

function navigation(): void {
  const header = document.createElement('header');
  header.className = 'site';
  const nav = document.createElement('nav');
  nav.setAttribute('aria-label', 'Demo');
  const here = location.pathname.split('/').pop() || 'index.html';
  for (const [href, label] of pages) {
    const link = Object.assign(document.createElement('a'), { href, textContent: label });
    if (href === here) link.setAttribute('aria-current', 'page');
    nav.append(link);
  }
  header.append(Object.assign(document.createElement('strong'), { textContent: 'Millrace demo' }), nav);
  document.body.prepend(header);
}

interface LogEntry {
  readonly n: number;
  readonly at: number;
  readonly phase: string;
  readonly method: string;
  readonly path: string;
  readonly status?: number;
  readonly repeated?: boolean;
}

/** The settings of the API and what it really received: the proof of what the flows do. */
function apiPanel(host: Element): void {
  host.innerHTML = '';
  const title = Object.assign(document.createElement('h2'), { textContent: 'The HTTP API behind it' });
  const form = document.createElement('form');
  form.className = 'fields';
  const field = (name: string, label: string, max: string, step: string): HTMLInputElement => {
    const input = Object.assign(document.createElement('input'), { name, type: 'number', min: '0', max, step });
    const wrap = document.createElement('label');
    wrap.append(label, input);
    form.append(wrap);
    return input;
  };
  const delay = field('delay', 'Delay (ms)', '60000', '100');
  const failureRate = field('failureRate', 'Failure rate (0 to 1)', '1', '0.1');
  const scroll = Object.assign(document.createElement('div'), { className: 'scroll', tabIndex: 0 });
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', 'Log of the API');
  const table = document.createElement('table');
  scroll.append(table);
  host.append(title, form, scroll);
  void fetch('/api/settings')
    .then((r) => r.json())
    .then((s: { delay: number; failureRate: number }) => {
      delay.value = String(s.delay);
      failureRate.value = String(s.failureRate);
    });
  form.addEventListener('change', () => {
    const body = JSON.stringify({ delay: delay.valueAsNumber, failureRate: failureRate.valueAsNumber });
    void fetch('/api/settings', { method: 'PUT', body });
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  const refresh = async (): Promise<void> => {
    const entries = (await (await fetch('/api/log')).json()) as LogEntry[];
    const rows = entries
      .slice(-30)
      .reverse()
      .map((e) => {
        const row = document.createElement('tr');
        const what = e.phase === 'received' ? 'received' : `answered ${e.status}${e.repeated ? ' (repeated)' : ''}`;
        for (const cell of [new Date(e.at).toLocaleTimeString(), what, `${e.method} ${e.path}`])
          row.insertCell().textContent = cell;
        return row;
      });
    table.replaceChildren(...rows);
  };
  const look = (): void => void refresh().catch(() => {});
  look();
  setInterval(() => document.visibilityState === 'visible' && look(), 1000);
}

navigation();
// On every page, with Alt+Shift+I or `?inspect`.
if (!document.querySelector('flow-inspector, #place')) document.body.append(document.createElement('inspector-panel'));
for (const host of document.querySelectorAll('[data-api]')) apiPanel(host);
