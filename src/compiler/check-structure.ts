// The checks that the plan relies on: ids are unique, connectors and references point somewhere, every activity can be
// reached and can reach an end. FLOW-E101 to E108, E202, and E404 to E406.
import {
  didYouMean,
  hasErrors,
  parseDuration,
  type ActivityDefinition,
  type Diagnostic,
  type FlowDefinition,
} from '../model/index.js';
import { checkEvents } from './check-events.js';
import { membersOf, sourceOf } from './plan.js';

export type Report = (code: string, ids: readonly string[], message: string, more?: Partial<Diagnostic>) => void;

/** Everything wrong with the definition's own references. The plan may only be built when none is an error. */
export function checkStructure(flow: FlowDefinition): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report: Report = (code, ids, message, more = {}) =>
    found.push({ code: `FLOW-${code}`, severity: code.startsWith('W') ? 'warning' : 'error', ids, message, ...more });
  checkIds(flow, report);
  checkConnectors(flow, report);
  checkPartialJoins(flow, report);
  checkReferences(flow, report);
  checkDurations(flow, report);
  checkEvents(flow, report);
  if (!hasErrors(found)) checkBorders(flow, report);
  return found;
}

function checkIds(flow: FlowDefinition, report: Report): void {
  const seen = new Set<string>();
  const claim = (id: string, what: string): void => {
    if (seen.has(id)) {
      report('E101', [id], `The id "${id}" is used twice; this is the second time, for a ${what}.`, {
        suggestion: 'give every activity, subflow, boundary event and connector an id of its own',
      });
    }
    seen.add(id);
  };
  for (const a of flow.activities) {
    claim(a.id, 'activity');
    for (const b of a.boundary ?? []) claim(`${a.id}.${b.id}`, 'boundary event');
  }
  // A sphere may bear the id of the one subflow it consists of.
  for (const s of flow.spheres ?? []) if (s.activities[0] !== s.id) claim(s.id, 'sphere');
  for (const id of Object.keys(flow.subflows ?? {})) {
    if (flow.activities.some((a) => a.id === id && a.type === 'subflow')) continue;
    claim(id, 'subflow');
  }
  const connectors = new Set<string>();
  for (const c of flow.connectors ?? []) {
    if (connectors.has(c.id))
      report('E101', [c.id], `The connector id "${c.id}" is used twice.`, { suggestion: 'rename one of them' });
    connectors.add(c.id);
  }
}

function checkConnectors(flow: FlowDefinition, report: Report): void {
  const sources = knownSources(flow);
  const targets = sources.filter((id) => sourceOf(flow, id)?.boundary === undefined);
  const defaults = new Map<string, string>();
  for (const c of flow.connectors ?? []) {
    if (!sourceOf(flow, c.from))
      report(
        'E102',
        [c.id],
        `Connector "${c.id}" starts at "${c.from}", which is no activity of this flow.`,
        hint(c.from, sources),
      );
    if (!targets.includes(c.to))
      report(
        'E102',
        [c.id],
        `Connector "${c.id}" points to "${c.to}", which is no activity of this flow.`,
        hint(c.to, targets),
      );
    if (!c.default) continue;
    if (c.condition !== undefined) {
      report(
        'E202',
        [c.id],
        `The default connector "${c.id}" has a condition; a default is followed when no condition is true.`,
        {
          suggestion: 'remove either "default" or "condition"',
        },
      );
    }
    const other = defaults.get(c.from);
    if (other !== undefined)
      report('E202', [c.id, other], `"${c.from}" has two default connectors, "${other}" and "${c.id}".`, {
        suggestion: 'keep one',
      });
    defaults.set(c.from, c.id);
  }
}

function checkPartialJoins(flow: FlowDefinition, report: Report): void {
  for (const { id, join } of flow.activities) {
    if (typeof join !== 'object') continue;
    const entering = (flow.connectors ?? []).filter((c) => c.to === id).length;
    if (entering > 0 && join.n > entering)
      report('E108', [id], `The join "${id}" waits for ${join.n} connectors, and only ${entering} enter it.`, {
        suggestion: `let "n" be ${entering} at most`,
      });
  }
}

/** Who started the instance, in place of an activity. */
const STARTER = '$starter';

/** Votes are of somebody, on something, and give an outcome that there is. */
function checkVotes({ id, votes, assign, outcomes, loop }: ActivityDefinition, report: Report): void {
  if (!votes) return;
  const fault = (message: string, suggestion: string): void =>
    report('E406', [id], `The votes on "${id}" ${message}`, { suggestion });
  if (assign === undefined) fault('are of nobody.', 'name the voters in "assign"');
  if (!outcomes || Object.keys(outcomes).length < 2) fault('have nothing to decide between.', 'add "outcomes"');
  if (loop) fault('and a loop cannot be on one activity.', 'put it into a subflow with the loop');
  const { rule, outcome, atLeast, fallback } = votes;
  if ((rule === 'veto' || rule === 'threshold') && outcome === undefined)
    fault(`need an "outcome" for the rule "${rule}".`, 'say which outcome counts');
  if (rule === 'threshold' && atLeast === undefined) fault('need "atLeast" for the rule "threshold".', 'say how many');
  for (const name of [outcome, fallback])
    if (name !== undefined && outcomes && !Object.hasOwn(outcomes, name))
      report(
        'E406',
        [id],
        `The votes on "${id}" name the outcome "${name}", which there is not.`,
        hint(name, Object.keys(outcomes)),
      );
}

function checkReferences(flow: FlowDefinition, report: Report): void {
  const ids = flow.activities.map((a) => a.id);
  const all = [...ids, ...Object.keys(flow.subflows ?? {})];
  const refer = (from: string, to: string, what: string): void => {
    if (!all.includes(to))
      report('E102', [from], `${what} of "${from}" names "${to}", which is no activity of this flow.`, hint(to, all));
  };
  const roles = Object.keys(flow.roles ?? {});
  for (const a of flow.activities) {
    for (const id of [a.sameAs ?? []].flat()) if (id !== STARTER) refer(a.id, id, '"sameAs"');
    for (const id of a.excludes ?? []) if (id !== STARTER) refer(a.id, id, '"excludes"');
    if (a.type === 'subflow' && !flow.subflows?.[a.id]) {
      report(
        'E102',
        [a.id],
        `The subflow activity "${a.id}" has no body: there is no "${a.id}" in "subflows".`,
        hint(a.id, Object.keys(flow.subflows ?? {})),
      );
    }
    if (a.role !== undefined && flow.roles && !roles.includes(a.role)) {
      report(
        'E404',
        [a.id],
        `The user activity "${a.id}" is for the role "${a.role}", which the flow does not declare.`,
        hint(a.role, roles),
      );
    }
    if (a.type === 'user' && a.role === undefined && a.assign === undefined) {
      report('E404', [a.id], `The user activity "${a.id}" has no role: nobody would see its task.`, {
        suggestion: 'add "role" or "assign"',
      });
    }
    checkVotes(a, report);
    checkImplementation(a, report);
  }
  const owner = new Map<string, string>();
  for (const [id, subflow] of Object.entries(flow.subflows ?? {})) {
    for (const member of subflow.activities) {
      refer(id, member, 'The subflow');
      const other = owner.get(member);
      if (other !== undefined)
        report('E106', [member, id, other], `"${member}" is in two subflows, "${other}" and "${id}".`, {
          suggestion: 'nest one subflow in the other',
        });
      owner.set(member, id);
    }
    if (membersOf(flow, id).includes(id))
      report('E106', [id], `The subflow "${id}" lies in itself.`, {
        suggestion: 'take it out of its own "activities", and of those of the subflows in it',
      });
  }
}

/** Connectors enter a grouped subflow at one activity and leave it at one; a subflow with an activity of its own at that. */
function checkBorders(flow: FlowDefinition, report: Report): void {
  for (const [id, subflow] of Object.entries(flow.subflows ?? {})) {
    const inside = new Set(subflow.activities.flatMap((m) => [m, ...membersOf(flow, m)]));
    const sourceId = (from: string): string => sourceOf(flow, from)!.activity;
    const crossing = (flow.connectors ?? []).filter((c) => inside.has(c.to) !== inside.has(sourceId(c.from)));
    const entering = crossing.filter((c) => inside.has(c.to));
    const leaving = crossing.filter((c) => !inside.has(c.to));
    const isActivity = flow.activities.some((a) => a.id === id);
    const many = (ids: readonly string[]): boolean => new Set(ids).size > (isActivity ? 0 : 1);
    if (many(entering.map((c) => c.to))) {
      report(
        'E106',
        [id, ...entering.map((c) => c.id)],
        `Connectors enter the subflow "${id}" at more than one place.`,
        {
          suggestion: isActivity
            ? `let them point to "${id}" itself`
            : 'let them enter at one activity, for example a route',
        },
      );
    }
    if (many(leaving.map((c) => c.from))) {
      report(
        'E106',
        [id, ...leaving.map((c) => c.id)],
        `Connectors leave the subflow "${id}" at more than one place.`,
        {
          suggestion: isActivity
            ? `let them start at "${id}" itself`
            : 'let them leave from one activity, for example a route',
        },
      );
    }
  }
}

function checkImplementation(a: ActivityDefinition, report: Report): void {
  if (a.type === 'service' && !a.implementation) {
    report('E109', [a.id], `The service activity "${a.id}" has no implementation to invoke.`, {
      suggestion: 'add "implementation", or make it a "script" (assignments only) or "route" (split and join only)',
    });
  }
  if ((a.type === 'send' || a.type === 'receive') && !a.message) {
    report('E109', [a.id], `The ${a.type} activity "${a.id}" names no message.`, {
      suggestion: 'add "message": { "name": … }',
    });
  }
  const ends = a.after ?? a.until ?? a.when;
  if (a.type === 'wait' && ends === undefined && !(a.boundary ?? []).length) {
    report('E109', [a.id], `The wait activity "${a.id}" would wait for ever.`, {
      suggestion: 'add "after", "until", "when" or a boundary event',
    });
  }
  if (a.type === 'call' && a.calls === undefined) {
    report('E109', [a.id], `The call activity "${a.id}" names no flow.`, { suggestion: 'add "calls"' });
  }
}

function checkDurations(flow: FlowDefinition, report: Report): void {
  const check = (id: string, field: string, value: string | undefined): void => {
    if (value !== undefined && parseDuration(value) === undefined) {
      report('E405', [id], `"${field}" of "${id}" is "${value}", which is no ISO 8601 duration.`, {
        suggestion: 'write "PT30S", "PT5M", "P2D" …',
      });
    }
  };
  for (const a of flow.activities) {
    check(a.id, 'timeout', a.timeout);
    check(a.id, 'retry.backoff', a.retry?.backoff);
    check(a.id, 'retry.maxBackoff', a.retry?.maxBackoff);
    for (const before of [a.remind ?? []].flat()) check(a.id, 'remind', before);
  }
}

function knownSources(flow: FlowDefinition): string[] {
  const ids: string[] = [];
  for (const a of flow.activities) ids.push(a.id, ...(a.boundary ?? []).map((b) => `${a.id}.${b.id}`));
  for (const [id, s] of Object.entries(flow.subflows ?? {}))
    ids.push(id, ...(s.boundary ?? []).map((b) => `${id}.${b.id}`));
  return ids;
}

export function hint(name: string, known: readonly string[]): { suggestion?: string } {
  const near = didYouMean(name, known);
  return near === undefined ? {} : { suggestion: `did you mean "${near}"?` };
}
