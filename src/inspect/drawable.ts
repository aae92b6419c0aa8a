// A definition that cannot run has a plan, too, so that it can be drawn: what is there twice is left out of it, and what connectors
// miss stands in it with a question mark.
import { groupAtomicSpheres } from '../compiler/atomic-groups.js';
import { checkDefinition } from '../compiler/compile.js';
import { planFlow, sourceOf } from '../compiler/plan.js';
import {
  hasErrors,
  stopsAFlow,
  type ActivityDefinition,
  type FlowDefinition,
  type SubflowDefinition,
} from '../model/index.js';
import { validateDefinition } from '../model/validate-definition.js';
import type { FlowDraft } from './draft.js';

export async function readDraft(data: unknown): Promise<FlowDraft> {
  const diagnostics = await checkDefinition(data);
  const canRun = !stopsAFlow(diagnostics);
  const { definition } = validateDefinition(data);
  if (!definition) return { diagnostics, canRun };
  return {
    diagnostics,
    canRun,
    drawn: {
      definition,
      plan: planFlow(groupAtomicSpheres(hasErrors(diagnostics) ? drawable(definition) : definition)),
    },
  };
}

/** The definition without what a plan cannot hold (FLOW-E101, E102, E106). */
function drawable(flow: FlowDefinition): FlowDefinition {
  const subflows = nested(flow);
  const own = unique(flow.activities).filter((a) => a.type !== 'subflow' || subflows[a.id]);
  const isKnown = (id: string | undefined): boolean =>
    id !== undefined && (subflows[id] !== undefined || own.some((a) => a.id === id));
  const connectors = unique(flow.connectors ?? []);
  const hasSource = (from: string): boolean => sourceOf({ ...flow, activities: own, subflows }, from) !== undefined;
  const sources = connectors.map((c) => c.from).filter((from) => !hasSource(from));
  const targets = connectors.map((c) => c.to).filter((to) => !isKnown(to));
  const missing = [...new Set([...sources, ...targets])];
  return {
    ...flow,
    activities: [...own.map((a) => withoutUndoing(a, isKnown)), ...missing.map(standIn)],
    connectors,
    subflows: Object.fromEntries(
      Object.entries(subflows).map(([id, s]) => [
        id,
        { ...withoutUndoing(s, isKnown), activities: s.activities.filter(isKnown) },
      ]),
    ),
    // An atomic sphere is drawn as a box; of a faulty flow, nobody knows yet what lies in it.
    spheres: (flow.spheres ?? []).filter((s) => s.kind === 'compensation' && s.activities.every(isKnown)),
  };
}

function standIn(id: string): ActivityDefinition {
  return { id, name: `${id} ?`, type: 'script' };
}

function withoutUndoing<T extends { readonly compensation?: string }>(part: T, isKnown: (id?: string) => boolean): T {
  if (part.compensation === undefined || isKnown(part.compensation)) return part;
  const { compensation: _, ...rest } = part;
  return rest as T;
}

/** Every activity in one subflow at most, and no subflow in itself. */
function nested({ subflows = {} }: FlowDefinition): Record<string, SubflowDefinition> {
  const owner = new Map<string, string>();
  const lies = (id: string | undefined, within: string): boolean =>
    id !== undefined && (id === within || lies(owner.get(id), within));
  const kept = ([id, subflow]: readonly [string, SubflowDefinition]): readonly [string, SubflowDefinition] => {
    const activities = subflow.activities.filter((member) => {
      if (owner.has(member) || lies(id, member)) return false;
      owner.set(member, id);
      return true;
    });
    return [id, { ...subflow, activities }];
  };
  return Object.fromEntries(Object.entries(subflows).map(kept));
}

function unique<T extends { readonly id: string }>(all: readonly T[]): T[] {
  return [...new Map(all.toReversed().map((one) => [one.id, one])).values()].toReversed();
}
