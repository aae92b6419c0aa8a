// The list of instances: filters, search, and how each is doing, at a glance.
import { html, type TemplateResult } from 'lit';
import type { InstanceView } from '../../src/runtime/index.js';

export interface ListContent {
  readonly views: readonly InstanceView[];
  readonly chosen: string | undefined;
  readonly status: string;
  readonly search: string;
  filter(status: string, search: string): void;
  choose(id: string): void;
}

/** More entries are found by search. */
const SHOWN = 200;

export function instanceList({ views, chosen, status, search, filter, choose }: ListContent): TemplateResult {
  const wanted = search.trim().toLowerCase();
  const found = views.filter(
    (v) =>
      (status === '' || v.status === status) &&
      (wanted === '' || `${v.title} ${v.flow} ${v.id} ${v.key ?? ''} ${health(v)}`.toLowerCase().includes(wanted)),
  );
  const count = (s: string): string => ` (${views.filter((v) => s === '' || v.status === s).length})`;
  return html`<nav aria-label="Instances">
    <input
      type="search"
      aria-label="Search"
      placeholder="Search"
      .value=${search}
      @input=${(e: InputEvent) => filter(status, (e.target as HTMLInputElement).value)}
    />
    <select aria-label="Status" @change=${(e: Event) => filter((e.target as HTMLSelectElement).value, search)}>
      ${['', 'running', 'failed', 'completed', 'cancelled'].map(
        (s) => html`<option value=${s} ?selected=${s === status}>${s || 'all'}${count(s)}</option>`,
      )}
    </select>
    <ul>
      ${found.slice(0, SHOWN).map(
        (v) =>
          html`<li>
            <button
              type="button"
              class=${`entry ${v.status}`}
              aria-current=${String(v.id === chosen)}
              @click=${() => choose(v.id)}
            >
              ${v.title}
              <small
                >${signOf(v)} ${health(v)} ·
                ${new Date(v.startedAt).toLocaleTimeString()}${v.key ? ` · ${v.key}` : ''}</small
              >
            </button>
          </li>`,
      )}
    </ul>
    ${found.length > SHOWN ? html`<p class="hint">${found.length - SHOWN} more: search for them.</p>` : ''}
  </nav>`;
}

function signOf({ status }: InstanceView): string {
  return { running: '▶', failed: '!', completed: '✓', cancelled: '×' }[status];
}

function health(view: InstanceView): string {
  if (view.status === 'failed') return `failed at ${view.failure?.activity ?? 'its end'}`;
  if (view.status !== 'running') return view.status;
  const [task] = view.tasks;
  if (task) return task.claimedBy === undefined ? `waits for ${task.role ?? 'a person'}` : `${task.claimedBy} is at it`;
  const due = Math.min(...view.waits.filter((w) => w.kind === 'timer').map((w) => w.at!));
  if (Number.isFinite(due)) return `next at ${new Date(due).toLocaleTimeString()}`;
  const [wait] = view.waits;
  return wait
    ? `${wait.kind === 'message' ? 'waits for' : 'needs'} "${wait.name}"${wait.key === undefined ? '' : ` ${wait.key}`}`
    : 'running';
}
