// Schedules, and what there is for those who look after instances: export, import, moving to a newer definition, retention.
import './page.js';
import { runtime } from '../components/index.js';
import type { FlowDefinition, InstanceView, Json, ScheduleSettings } from '../src/runtime/index.js';
import inspection from './flows/inspection.flow.json';
import thorough from './flows/inspection-2.flow.json';

const first = inspection as unknown as FlowDefinition;
const second = thorough as unknown as FlowDefinition;
runtime.define(first);

const byId = <T extends HTMLElement>(id: string): T => document.querySelector<T>(`#${id}`)!;
const said = byId('said');

/** Does it, and tells how it went. */
async function act(what: () => Promise<string>): Promise<void> {
  try {
    said.textContent = await what();
  } catch (error) {
    said.textContent = error instanceof Error ? error.message : String(error);
  }
  await refresh();
}

function button(label: string, of: string, what: () => Promise<string>): HTMLButtonElement {
  const made = Object.assign(document.createElement('button'), { type: 'button', textContent: label });
  made.className = 'plain';
  made.setAttribute('aria-label', `${label}: ${of}`);
  made.addEventListener('click', () => void act(what));
  return made;
}

function onSubmit(id: string, what: (fields: FormData) => Promise<string>): void {
  byId<HTMLFormElement>(id).addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    void act(() => what(fields));
  });
}

onSubmit('schedule', async (fields) => {
  const text = (name: string): string => String(fields.get(name));
  const settings: ScheduleSettings = {
    name: text('name'),
    flow: first.flow,
    input: { machine: text('machine') },
    [text('kind')]: text('when'),
    missed: text('missed') as NonNullable<ScheduleSettings['missed']>,
  };
  const { next } = await (await runtime.schedules()).put(settings);
  return `Kept. ${next === undefined ? 'It will not start again.' : `Starts next at ${new Date(next).toLocaleString()}.`}`;
});

onSubmit('keep', async (fields) => {
  const given = [...fields].filter(([, value]) => value !== '').map(([name, value]) => [name, Number(value)]);
  const { removed, compacted } = await (await runtime.management()).prune(Object.fromEntries(given));
  return `${removed} removed, ${compacted} journals shortened.`;
});

byId('start').addEventListener(
  'click',
  () => void act(async () => `Started ${(await runtime.start(first.flow, { machine: 'press 2' })).id}.`),
);

byId<HTMLInputElement>('files').addEventListener('change', ({ target }) => {
  void act(async () => {
    const management = await runtime.management();
    const ids: string[] = [];
    for (const file of (target as HTMLInputElement).files ?? [])
      ids.push((await management.import(JSON.parse(await file.text()) as never)).id);
    return `Taken in: ${ids.join(', ')}.`;
  });
});

async function save(id: string): Promise<string> {
  const archive = await (await runtime.management()).export(id);
  const file = new Blob([JSON.stringify(archive)], { type: 'application/json' });
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(file), download: `${id}.json` });
  link.click();
  URL.revokeObjectURL(link.href);
  return `Saved with the hash ${archive.hash}.`;
}

/** A dry run says first whether it can be moved, and why not. */
async function move(id: string): Promise<string> {
  const management = await runtime.management();
  const how = { activities: { Inspect: 'LookAtIt' }, reason: 'the new rules' };
  const plan = await management.planMigration(id, second, how);
  if (!plan.isPossible) return plan.refused.map(({ message }) => message).join(' ');
  await management.migrate(id, second, how);
  return `Moved: ${plan.moves.map(({ from, to }) => `${from} is ${to} now`).join(', ')}.`;
}

async function finish({ id, tasks }: InstanceView): Promise<string> {
  for (const task of tasks) await runtime.send({ type: 'complete', task: task.id, output: { sound: true } });
  return `Done: ${id}.`;
}

function row(view: InstanceView): HTMLTableRowElement {
  const { id, version, status, variables, tasks } = view;
  const made = document.createElement('tr');
  const machine: Json | undefined = variables['machine'];
  for (const text of [String(machine ?? ''), status, version]) made.insertCell().textContent = text;
  made.insertCell().append(
    button('Export', id, () => save(id)),
    ...(status === 'running' ? [button('Move to version 2', id, () => move(id))] : []),
    ...(tasks.length > 0 ? [button('Do the task', id, () => finish(view))] : []),
  );
  made.insertCell().textContent = id;
  return made;
}

async function refresh(): Promise<void> {
  const scheduler = await runtime.schedules();
  const schedules = (await scheduler.list()).map(({ name, next, started }) => {
    const made = document.createElement('li');
    const time = next === undefined ? 'over' : `next ${new Date(next).toLocaleTimeString()}`;
    const remove = button('Remove', name, async () => (await scheduler.remove(name), `Removed ${name}.`));
    made.append(`${name}: ${started} started, ${time} `, remove);
    return made;
  });
  byId('schedules').replaceChildren(...schedules);
  const instances = await runtime.instances({ flow: first.flow, limit: 50 });
  byId('instances').replaceChildren(...instances.map(row));
}

let waiting = false;
void runtime.watch(({ flow }) => {
  if (flow !== first.flow || waiting) return;
  waiting = true;
  setTimeout(() => ((waiting = false), void refresh()), 100);
});
void refresh();
