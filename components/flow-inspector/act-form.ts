// Asks, once, for what an act needs: who does it and why, and which values. What is done is journalled with both.
import { html, nothing, type CSSResult, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { keyed } from 'lit/directives/keyed.js';
import type { CompiledFlow, InstanceView, Json, JsonObject, Runtime, TaskView } from '../../src/runtime/index.js';
import type { Act } from './acts.js';
import { formStyles } from './form-styles.js';
import { migrationQuestion } from './migration-question.js';

export const styles: CSSResult = formStyles;

export interface ActContent {
  readonly act: Act;
  /** As it was when the form was opened. */
  readonly view: InstanceView;
  readonly now: InstanceView;
  readonly flow: CompiledFlow;
  readonly runtime: Runtime;
  /** Why it was refused, last time. */
  readonly problem: string;
  done(problem?: string): void;
}

export interface Question {
  readonly says: string;
  readonly verb: string;
  readonly fields?: unknown;
  /** Whether the journal needs a reason for it. */
  readonly why: 'asked' | 'required';
  perform(values: Values): Promise<unknown>;
}

export interface Values {
  text(name: string): string;
  /** Undefined where nothing was entered; throws with the name of the field. */
  json(name: string): Json | undefined;
  readonly by: { readonly by: string; readonly reason: string } | Record<never, never>;
  readonly who: string;
}

/** A form of its own for every act, so that nothing entered for one is left for another. */
export function render(content: ActContent): unknown {
  return keyed(content.act, formOf(content));
}

function formOf(content: ActContent): TemplateResult {
  const { runtime, problem, done, view, now } = content;
  const { says, verb, fields, why, perform } = QUESTIONS[content.act](content);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      await perform(valuesOf(new FormData(event.target as HTMLFormElement), runtime));
      done();
    } catch (error) {
      done(error instanceof Error ? error.message : String(error));
    }
  };
  return html`<form class="act" @submit=${submit}>
    <p>${says}</p>
    ${now.v === view.v ? nothing : html`<p class="hint">The instance has gone on since this was opened; it is ${now.status} now.</p>`}
    ${fields ?? nothing}
    <label
      >Who<input name="who" required .value=${runtime.user?.id ?? ''} ?readonly=${runtime.user !== undefined}
    /></label>
    <label
      >Why${why === 'required' ? '' : ' (may be left empty)'}<input
        name="why"
        ?required=${why === 'required'}
        autocomplete="off"
    /></label>
    ${problem ? html`<p part="error" role="alert">${problem}</p>` : nothing}
    <div class="actions">
      <button type="submit">${verb}</button>
      <button type="button" @click=${() => done()}>Leave it</button>
    </div>
  </form>`;
}

function valuesOf(form: FormData, runtime: Runtime): Values {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  const who = runtime.user?.id ?? text('who');
  const reason = text('why');
  return {
    text,
    json: (name) => {
      if (text(name) === '') return undefined;
      try {
        return JSON.parse(text(name)) as Json;
      } catch (error) {
        throw new Error(`The field "${name}" is not JSON: ${(error as Error).message}.`, { cause: error });
      }
    },
    by: { by: who, ...(reason ? { reason } : {}) },
    who,
  };
}

const QUESTIONS: Readonly<Record<Act, (content: ActContent) => Question>> = {
  retry: ({ view, runtime }) => ({
    says: 'Takes what has failed up again.',
    verb: 'Try again',
    why: 'asked',
    perform: ({ by }) => runtime.retry(view.id, by),
  }),
  skip: ({ view, flow, runtime }) => {
    const open = Object.entries(view.activities).filter(
      ([id, a]) =>
        a.token && flow.plan.activities[id]?.type !== 'subflow' && ['failed', 'running', 'ready'].includes(a.state),
    );
    open.sort(([, a], [, b]) => Number(b.state === 'failed') - Number(a.state === 'failed'));
    return {
      says: 'Treats an activity as done, without doing it. Its output is what you enter here.',
      verb: 'Skip it',
      why: 'required',
      fields: html`<label
          >Activity<select name="token">
            ${open.map(([id, a]) => html`<option value=${a.token!}>${flow.plan.activities[id]?.name ?? id}: ${a.state}</option>`)}
          </select></label
        >
        ${json('output', 'Output, as JSON')}`,
      perform: ({ text, json: parsed, by }) => {
        const output = parsed('output');
        const command = { type: 'skip' as const, instance: view.id, token: text('token'), ...by };
        return runtime.send(output === undefined ? command : { ...command, output });
      },
    };
  },
  edit: ({ view, runtime }) => ({
    says: 'Writes the variables that you change. The instance goes on with them.',
    verb: 'Write them',
    why: 'required',
    // Compared with what was shown, which stays as it is: the instance may go on meanwhile.
    fields: html`<input
        type="hidden"
        name="shown"
        .defaultValue=${guard([view.id], () => JSON.stringify(view.variables))}
      />${json(
        'variables',
        'Variables, as JSON',
        guard([view.id], () => JSON.stringify(view.variables, null, 2)),
      )}
      ${
        view.status === 'failed'
          ? html`<label class="check"
              ><span><input type="checkbox" name="retry" checked /> and try again</span></label
            >`
          : nothing
      }`,
    perform: async ({ json: parsed, text, by }) => {
      const entered = (parsed('variables') ?? {}) as JsonObject;
      const shown = parsed('shown') as JsonObject;
      const isSame = (name: string): boolean => JSON.stringify(entered[name]) === JSON.stringify(shown[name]);
      const variables = Object.fromEntries(Object.entries(entered).filter(([name]) => !isSame(name)));
      if (text('retry')) return runtime.retry(view.id, { variables, ...by });
      if (Object.keys(variables).length === 0) throw new Error('Nothing is changed.');
      return runtime.send({ type: 'edit', instance: view.id, variables, ...by });
    },
  }),
  complete: ({ view, runtime }) => ({
    says: 'Does a task in the place of whoever it waits for.',
    verb: 'Complete it',
    why: 'asked',
    fields: html`${taskChoice(view)} ${json('output', 'Output, as JSON', draftOf(view.tasks[0]!))}`,
    perform: ({ text, json: parsed, who, by }) => {
      const task = view.tasks.find((t) => t.id === text('task'))!;
      const output = parsed('output');
      const user = runtime.user ?? { id: who, roles: rolesOf(task) };
      return runtime.send({
        type: 'complete',
        task: task.id,
        user,
        ...(output === undefined ? {} : { output }),
        ...by,
      });
    },
  }),
  assign: ({ view, runtime }) => ({
    says: 'Gives a task to somebody, or back to all who may do it.',
    verb: 'Hand it over',
    why: 'asked',
    fields: html`${taskChoice(view)}<label>To (empty: to all)<input name="to" autocomplete="off" /></label>`,
    perform: async ({ text, by }) => {
      const task = view.tasks.find((t) => t.id === text('task'))!;
      const user = (id: string): { id: string; roles: readonly string[] } => ({ id, roles: rolesOf(task) });
      if (task.claimedBy !== undefined)
        await runtime.send({ type: 'release', task: task.id, user: user(task.claimedBy), ...by });
      if (text('to')) await runtime.send({ type: 'claim', task: task.id, user: user(text('to')), ...by });
    },
  }),
  signal: ({ view, now, runtime }) => {
    const awaited = view.waits.filter((w) => w.kind === 'message');
    return {
      says: 'Sends a message to whoever waits for it: this instance, or another that waits for the same.',
      verb: 'Send it',
      why: 'asked',
      fields: html`<label
          >Message<select name="message">
            ${awaited.map((w, i) => html`<option value=${i}>${w.name}${w.key === undefined ? '' : ` with key ${w.key}`}, for ${w.activity}</option>`)}
          </select></label
        >
        ${json('data', 'Data, as JSON')}`,
      perform: async ({ text, json: parsed, by }) => {
        const { name, key, token } = awaited[Number(text('message'))]!;
        if (!now.waits.some((w) => w.token === token && w.name === name && w.key === key))
          throw new Error(`Nobody waits for "${name}" here any more: nothing was sent.`);
        const data = parsed('data');
        const signal = {
          name: name!,
          ...(key === undefined ? {} : { key }),
          ...(data === undefined ? {} : { data }),
          ...by,
        };
        return runtime.send({ type: 'signal', signal, instance: view.id });
      },
    };
  },
  migrate: migrationQuestion,
  cancel: ({ view, now, runtime }) => ({
    says: 'Ends the instance. What it has in progress is stopped; what can be undone is undone.',
    verb: 'Cancel the instance',
    why: 'required',
    perform: async ({ text, who }) => {
      if (now.status !== 'running' && now.status !== 'failed')
        throw new Error(`The instance is ${now.status} meanwhile: nothing was done.`);
      await (runtime.user ? runtime : runtime.as({ id: who, roles: [] })).cancel(view.id, text('why'));
    },
  }),
};

function json(name: string, label: string, value: unknown = ''): TemplateResult {
  return html`<label>${label}<textarea name=${name} spellcheck="false" .defaultValue=${value}></textarea></label>`;
}

function taskChoice({ tasks }: InstanceView): TemplateResult {
  return html`<label
    >Task<select name="task">
      ${tasks.map((t) => html`<option value=${t.id}>${t.name}${t.claimedBy === undefined ? '' : `, taken by ${t.claimedBy}`}</option>`)}
    </select></label
  >`;
}

function rolesOf({ role }: TaskView): readonly string[] {
  return role === undefined ? [] : [role];
}

/** The fields that the task's form asks for, to be filled in. */
function draftOf({ form }: TaskView): string {
  if (typeof form !== 'object') return '{}';
  const { properties } = form as { properties?: Readonly<Record<string, { readonly default?: Json }>> };
  const fields = Object.entries(properties ?? {}).map(([name, schema]) => [name, schema.default ?? null] as const);
  return JSON.stringify(Object.fromEntries(fields), null, 2);
}
