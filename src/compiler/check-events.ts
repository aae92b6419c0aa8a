// Whether what is thrown, taken and undone fits together: FLOW-E108, and FLOW-E102 for names that lead nowhere.
import type { FlowDefinition } from '../model/index.js';
import { hint, type Report } from './check-structure.js';
import { membersOf, sourceOf } from './plan.js';

export function checkEvents(flow: FlowDefinition, report: Report): void {
  checkPlaces(flow, report);
  checkThrows(flow, report);
  checkAsides(flow, report);
  checkSpheres(flow, report);
}

/** Members that belong to one type of activity only. */
function checkPlaces(flow: FlowDefinition, report: Report): void {
  const only = (id: string, member: string, type: string, suggestion: string): void =>
    report('E108', [id], `"${member}" of "${id}" belongs to an activity of type "${type}" only.`, { suggestion });
  for (const a of flow.activities) {
    if (a.throw && a.type !== 'route') only(a.id, 'throw', 'route', 'let a route follow that throws');
    if (a.noneTrue && a.type !== 'route') only(a.id, 'noneTrue', 'route', 'let a route follow that decides');
    if (a.when !== undefined && a.type !== 'wait') only(a.id, 'when', 'wait', 'let a wait stand before it');
    for (const b of a.boundary ?? []) {
      if (b.event === 'cancel' && a.type !== 'subflow')
        only(a.id, 'boundary event "cancel"', 'subflow', 'cancel the subflow around it');
    }
  }
}

function checkThrows(flow: FlowDefinition, report: Report): void {
  const around = enclosing(flow);
  const known = [...flow.activities.map((a) => a.id), ...Object.keys(flow.subflows ?? {})];
  for (const { id, throw: thrown } of flow.activities) {
    if (thrown?.event === 'cancel') {
      const taken = around(id).some((s) => boundariesOf(flow, s).some((b) => b.event === 'cancel'));
      if (!taken)
        report('E108', [id], `"${id}" cancels a subflow, but none around it has a "cancel" boundary event.`, {
          suggestion: 'add one to the subflow that is to be cancelled',
        });
    }
    if (thrown?.event === 'compensation' && thrown.activity !== undefined && !known.includes(thrown.activity))
      report(
        'E102',
        [id],
        `"${id}" compensates "${thrown.activity}", which is no activity of this flow.`,
        hint(thrown.activity, known),
      );
  }
}

/** Compensation activities and event subflows stand aside: no connector enters or leaves them. */
function checkAsides(flow: FlowDefinition, report: Report): void {
  const known = [...flow.activities.map((a) => a.id), ...Object.keys(flow.subflows ?? {})];
  const alone = (id: string, what: string): void => {
    const found = (flow.connectors ?? []).filter((c) => c.to === id || sourceOf(flow, c.from)?.activity === id);
    if (found.length > 0)
      report(
        'E108',
        [id, ...found.map((c) => c.id)],
        `The ${what} "${id}" stands aside: no connector enters or leaves it.`,
        {
          suggestion: `remove ${found.map((c) => `"${c.id}"`).join(', ')}`,
        },
      );
  };
  for (const { id, compensation } of [...flow.activities, ...subflowsOf(flow)]) {
    if (compensation === undefined) continue;
    if (!known.includes(compensation) || compensation === id)
      report(
        'E102',
        [id],
        `"${id}" is undone by "${compensation}", which is ${compensation === id ? 'itself' : 'no activity of this flow'}.`,
        hint(compensation, known),
      );
    else alone(compensation, 'compensation activity');
  }
  for (const { id, trigger, loop } of subflowsOf(flow)) {
    if (!trigger) continue;
    alone(id, 'event subflow');
    if (loop) report('E108', [id], `The event subflow "${id}" cannot have a loop.`, { suggestion: 'put it inside' });
    if ([trigger].flat().some((t) => t.event === 'cancel'))
      report('E108', [id], `No event subflow starts by "cancel".`, { suggestion: 'use a boundary event' });
  }
}

function checkSpheres(flow: FlowDefinition, report: Report): void {
  const known = [...flow.activities.map((a) => a.id), ...Object.keys(flow.subflows ?? {})];
  for (const { id, activities } of flow.spheres ?? []) {
    for (const member of activities) {
      if (!known.includes(member))
        report(
          'E102',
          [id],
          `The sphere "${id}" names "${member}", which is no activity of this flow.`,
          hint(member, known),
        );
    }
  }
}

function subflowsOf(flow: FlowDefinition): ({ id: string } & NonNullable<FlowDefinition['subflows']>[string])[] {
  return Object.entries(flow.subflows ?? {}).map(([id, s]) => ({ id, ...s }));
}

function boundariesOf(flow: FlowDefinition, id: string): readonly { readonly event: string }[] {
  return [...(flow.activities.find((a) => a.id === id)?.boundary ?? []), ...(flow.subflows?.[id]?.boundary ?? [])];
}

/** The subflows around an activity. */
function enclosing(flow: FlowDefinition): (id: string) => string[] {
  const all = Object.keys(flow.subflows ?? {}).map((s) => ({ s, inside: new Set(membersOf(flow, s)) }));
  return (id) => all.filter(({ inside }) => inside.has(id)).map(({ s }) => s);
}
