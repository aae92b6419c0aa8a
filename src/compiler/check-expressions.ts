// FLOW-E201 an expression that does not parse, W203 an exclusive split that may stop, W204 an undeclared variable.
import { freeVariables, parseExpression } from '../expressions/inspect-source.js';
import { didYouMean, parseCycle, parseDuration, type Diagnostic, type FlowDefinition } from '../model/index.js';
import { membersOf } from './plan.js';

export interface PlacedExpression {
  /** Id of the element it belongs to. */
  readonly id: string;
  /** What it is, for people: `condition`, `input "id"` … */
  readonly role: string;
  readonly source: string;
  /** Names besides the pool's that it may use. */
  readonly locals: readonly string[];
}

/** Every expression of a definition, in order. */
export function expressionsOf(flow: FlowDefinition): PlacedExpression[] {
  const all: PlacedExpression[] = [];
  const loopLocals = localsByActivity(flow);
  const add = (id: string, role: string, source: string | undefined, extra: readonly string[] = []): void => {
    if (source !== undefined)
      all.push({ id, role, source, locals: [...(loopLocals.get(id.split('.')[0]!) ?? []), ...extra] });
  };
  const addAll = (
    id: string,
    role: string,
    record: Readonly<Record<string, string>> | undefined,
    extra: readonly string[] = [],
  ): void => {
    for (const [name, source] of Object.entries(record ?? {})) add(id, `${role} "${name}"`, source, extra);
  };
  for (const a of flow.activities) {
    const parameters = Object.keys(a.input ?? {});
    addAll(a.id, 'input', a.input);
    addAll(a.id, 'argument', a.implementation?.arguments, parameters);
    add(a.id, 'result', a.implementation?.result, parameters);
    add(a.id, 'select', a.implementation?.select, parameters);
    addAll(a.id, 'output', a.output, parameters);
    add(a.id, 'message key', a.message?.key, parameters);
    add(a.id, 'message data', a.message?.data, parameters);
    // Votes are a loop, whose items see nothing but the pool.
    add(a.id, 'assign', typeof a.assign === 'string' ? a.assign : a.assign?.to, a.votes ? [] : parameters);
    if (a.due !== undefined && parseDuration(a.due) === undefined) add(a.id, 'due', a.due, parameters);
    if (a.after !== undefined && parseDuration(a.after) === undefined) add(a.id, 'after', a.after);
    add(a.id, 'until', a.until);
    add(a.id, 'when', a.when, parameters);
    addLoop(a.id, a.loop);
    addBoundary(a.id, a.boundary);
  }
  for (const [id, s] of Object.entries(flow.subflows ?? {})) {
    addLoop(id, s.loop);
    addBoundary(id, s.boundary);
    addBoundary(id, [s.trigger ?? []].flat());
  }
  for (const c of flow.connectors ?? []) add(c.id, 'condition', c.condition);
  addAll(flow.flow, 'output', flow.output);
  return all;

  function addLoop(id: string, loop: FlowDefinition['activities'][number]['loop']): void {
    if (!loop) return;
    if (loop.kind === 'forEach') {
      add(id, 'items', loop.items);
      add(id, 'completion', loop.completion, ['done', 'total']);
    } else {
      add(id, 'loop condition', loop.condition, ['index']);
    }
  }
  function addBoundary(id: string, boundary: FlowDefinition['activities'][number]['boundary']): void {
    for (const b of boundary ?? []) {
      const place = `${id}.${b.id}`;
      addAll(place, 'output', b.output);
      if (b.event === 'timer') {
        if (b.after !== undefined && parseDuration(b.after) === undefined) add(place, 'after', b.after);
        add(place, 'until', b.until);
        if (b.cycle !== undefined && parseCycle(b.cycle) === undefined) add(place, 'cycle', b.cycle);
      } else if (b.event === 'message') {
        add(place, 'message key', b.message.key);
      } else if (b.event === 'condition') {
        add(place, 'condition', b.condition);
      }
    }
  }
}

/** Loop variables seen by an activity: its own, those of the subflows around it, and those of what it undoes. */
function localsByActivity(flow: FlowDefinition): Map<string, string[]> {
  const locals = new Map<string, string[]>();
  const namesOf = (loop: FlowDefinition['activities'][number]['loop']): string[] =>
    !loop ? [] : loop.kind === 'forEach' ? [loop.item ?? 'item', 'index'] : ['index'];
  const spread = (id: string, names: readonly string[]): void => {
    for (const m of [id, ...membersOf(flow, id)]) locals.set(m, [...(locals.get(m) ?? []), ...names]);
  };
  for (const a of flow.activities) spread(a.id, namesOf(a.loop));
  for (const [id, s] of Object.entries(flow.subflows ?? {})) spread(id, namesOf(s.loop));
  // What undoes an activity sees what that one saw.
  const subflows = Object.entries(flow.subflows ?? {}).map(([id, { compensation }]) => ({ id, compensation }));
  for (const { id, compensation } of [...flow.activities, ...subflows])
    if (compensation) spread(compensation, locals.get(id) ?? []);
  return locals;
}

export async function checkExpressions(flow: FlowDefinition): Promise<Diagnostic[]> {
  const found: Diagnostic[] = [];
  const declared = new Set([...Object.keys(flow.variables ?? {}), ...Object.keys(flow.input ?? {})]);
  for (const a of flow.activities) if (a.loop?.kind === 'forEach' && a.loop.collect) declared.add(a.loop.collect);
  for (const { id, role, source, locals } of expressionsOf(flow)) {
    const fault = await parseExpression(source);
    if (fault) {
      found.push({
        code: 'FLOW-E201',
        severity: 'error',
        ids: [id],
        message: `The ${role} of "${id}" does not parse at position ${fault.position + 1}: ${fault.message} In: ${source}`,
        position: fault.position,
      });
      continue;
    }
    if (declared.size === 0) continue;
    for (const { name } of await freeVariables(source)) {
      if (declared.has(name) || locals.includes(name)) continue;
      const near = didYouMean(name, [...declared, ...locals]);
      found.push({
        code: 'FLOW-W204',
        severity: 'warning',
        ids: [id],
        message: `The ${role} of "${id}" reads "${name}", which is no declared variable.`,
        suggestion: near === undefined ? `declare it in "variables"` : `did you mean "${near}"?`,
      });
    }
  }
  return [...found, ...checkDefaults(flow)];
}

function checkDefaults(flow: FlowDefinition): Diagnostic[] {
  return flow.activities.flatMap((a) => {
    const out = (flow.connectors ?? []).filter((c) => c.from === a.id);
    if (
      a.split !== 'xor' ||
      a.noneTrue === 'fail' ||
      out.length < 2 ||
      out.some((c) => c.default || c.condition === undefined)
    )
      return [];
    return [
      {
        code: 'FLOW-W203',
        severity: 'warning',
        ids: [a.id],
        message: `The exclusive split "${a.id}" has no default connector: when no condition is true, its path ends here.`,
        suggestion: 'add a connector with "default": true',
      } satisfies Diagnostic,
    ];
  });
}
