// Activities, boundary events and connectors of a flow as BPMN elements. What BPMN has no place for is added afterwards,
// by comparing with what an import of the result gives (`compare.ts`).
import type {
  ActivityDefinition,
  BoundaryEventDefinition,
  ConnectorDefinition,
  LoopDefinition,
} from '../../model/index.js';
import type { ExportDraft, Mutable } from './draft.js';
import {
  conditionDefinition,
  JSONATA,
  messageDefinition,
  messageElement,
  throwDefinition,
  timerDefinition,
  triggerDefinition,
} from './event-definitions.js';

interface Ways {
  readonly incoming: number;
  readonly outgoing: readonly ConnectorDefinition[];
}

export function exportActivities(draft: ExportDraft): void {
  const { flow } = draft;
  const ids = flow.activities.map((a) => a.id);
  const grouped = Object.keys(flow.subflows ?? {}).filter((id) => !ids.includes(id));
  const undoing = new Set(
    [...flow.activities, ...Object.values(flow.subflows ?? {})].flatMap((a) => a.compensation ?? []),
  );
  const open: ActivityDefinition[] = [...flow.activities, ...grouped.map((id) => groupOf(draft, id))];
  // Containers before what they contain.
  const depth = (id: string): number => (id === '' ? 0 : 1 + depth(draft.parentOf(id)));
  for (const level of new Set(open.map((a) => depth(a.id)).sort((a, b) => a - b))) {
    for (const activity of open.filter((a) => depth(a.id) === level))
      exportActivity(draft, activity, undoing.has(activity.id));
  }
  for (const activity of open) exportBoundary(draft, activity);
  for (const connector of flow.connectors ?? []) exportConnector(draft, connector);
}

function groupOf(draft: ExportDraft, id: string): ActivityDefinition {
  const { name } = draft.subflow(id)!;
  return { id, type: 'subflow', ...(name === undefined ? {} : { name }) };
}

function waysOf(draft: ExportDraft, id: string): Ways {
  const all = draft.flow.connectors ?? [];
  return { incoming: all.filter((c) => c.to === id).length, outgoing: all.filter((c) => c.from === id) };
}

function exportActivity(draft: ExportDraft, activity: ActivityDefinition, isUndoing: boolean): void {
  const ways = waysOf(draft, activity.id);
  const element = elementFor(draft, activity, ways);
  if (activity.name !== undefined) element['name'] = activity.name;
  if (isUndoing && !element.$type.endsWith('Event')) element['isForCompensation'] = true;
  const loop = activity.loop ?? draft.subflow(activity.id)?.loop;
  if (loop && 'loopCharacteristics' in descriptorOf(element)) element['loopCharacteristics'] = loopElement(draft, loop);
  draft.elements.set(activity.id, element);
  draft.put(element, draft.containerOf(activity.id));
}

/** Events and gateways have no loop. */
function descriptorOf(element: Mutable): Record<string, unknown> {
  return /(?:Event|Gateway)$/.test(element.$type) ? {} : { loopCharacteristics: true };
}

function elementFor(draft: ExportDraft, activity: ActivityDefinition, ways: Ways): Mutable {
  const { id } = activity;
  switch (activity.type) {
    case 'service':
      return draft.create('bpmn:ServiceTask', id, { implementation: activity.implementation?.ref ?? id });
    case 'user': {
      const owner = draft.part('bpmn:PotentialOwner', {
        resourceAssignmentExpression: draft.part('bpmn:ResourceAssignmentExpression', {
          expression: draft.expression(activity.role ?? ''),
        }),
      });
      return draft.create('bpmn:UserTask', id, activity.role === undefined ? {} : { resources: [owner] });
    }
    case 'script':
      return scriptElement(draft, activity);
    case 'send':
      return sendElement(draft, activity, ways);
    case 'receive':
      return activity.message?.broadcast
        ? draft.create('bpmn:IntermediateCatchEvent', id, {
            eventDefinitions: [messageDefinition(draft, activity.message)],
          })
        : draft.create(
            'bpmn:ReceiveTask',
            id,
            activity.message ? { messageRef: messageElement(draft, activity.message.name) } : {},
          );
    case 'wait':
      return waitElement(draft, activity);
    case 'call':
      return draft.create(
        'bpmn:CallActivity',
        id,
        activity.calls === undefined ? {} : { calledElement: activity.calls },
      );
    case 'subflow':
      return subflowElement(draft, activity);
    case 'route':
      return routeElement(draft, activity, ways);
  }
}

function sendElement(draft: ExportDraft, { id, message }: ActivityDefinition, { outgoing }: Ways): Mutable {
  if (message && (message.broadcast || outgoing.length === 0)) {
    const type = outgoing.length > 0 ? 'bpmn:IntermediateThrowEvent' : 'bpmn:EndEvent';
    return draft.create(type, id, { eventDefinitions: [messageDefinition(draft, message)] });
  }
  return draft.create('bpmn:SendTask', id, message ? { messageRef: messageElement(draft, message.name) } : {});
}

function scriptElement(draft: ExportDraft, { id, implementation, output }: ActivityDefinition): Mutable {
  const text = implementation?.arguments?.['script'];
  if (implementation?.ref === 'script' && text?.startsWith('"'))
    return draft.create('bpmn:ScriptTask', id, {
      script: JSON.parse(text) as string,
      ...formatOf(implementation.arguments?.['format']),
    });
  if (implementation) return draft.create('bpmn:ScriptTask', id);
  const entries = Object.entries(output ?? {});
  if (entries.length === 0) return draft.create('bpmn:Task', id);
  const script = `{ ${entries.map(([name, source]) => `${JSON.stringify(name)}: ${source}`).join(', ')} }`;
  return draft.create('bpmn:ScriptTask', id, { scriptFormat: JSONATA, script });
}

function formatOf(format: string | undefined): { scriptFormat?: string } {
  return format?.startsWith('"') ? { scriptFormat: JSON.parse(format) as string } : {};
}

function waitElement(draft: ExportDraft, activity: ActivityDefinition): Mutable {
  const { id, after, until, when, boundary = [] } = activity;
  if ((after ?? until ?? when) === undefined) {
    // A wait for the first of several events.
    const behind = (draft.flow.connectors ?? []).filter((c) => boundary.some((b) => c.from === `${id}.${b.id}`));
    const fits =
      boundary.length > 1 &&
      boundary.every((b) => behind.filter((c) => c.from === `${id}.${b.id}` && c.to === b.id).length === 1) &&
      behind.length === boundary.length;
    return draft.create(fits ? 'bpmn:EventBasedGateway' : 'bpmn:ReceiveTask', id);
  }
  const definition = when === undefined ? timerDefinition(draft, activity) : conditionDefinition(draft, when);
  return draft.create('bpmn:IntermediateCatchEvent', id, { eventDefinitions: [definition] });
}

function subflowElement(draft: ExportDraft, activity: ActivityDefinition): Mutable {
  const subflow = draft.subflow(activity.id);
  const boundary = [...(activity.boundary ?? []), ...(subflow?.boundary ?? [])];
  const type = boundary.some((b) => b.event === 'cancel') ? 'bpmn:Transaction' : 'bpmn:SubProcess';
  return draft.create(type, activity.id, { triggeredByEvent: subflow?.trigger !== undefined });
}

function routeElement(draft: ExportDraft, activity: ActivityDefinition, { incoming, outgoing }: Ways): Mutable {
  const { id, split, join, throw: thrown, terminate } = activity;
  const trigger = draft.subflow(draft.parentOf(id))?.trigger;
  const catcher = draft.flow.activities.find(
    (a) =>
      a.boundary?.some((b) => b.id === id) &&
      a.type === 'wait' &&
      (draft.flow.connectors ?? []).some((c) => c.from === `${a.id}.${id}` && c.to === id),
  );
  const reached = catcher?.boundary?.find((b) => b.id === id);
  if (reached && incoming === 1)
    return draft.create('bpmn:IntermediateCatchEvent', id, { eventDefinitions: [triggerDefinition(draft, reached)] });
  const linked = outgoing.find((c) => c.id === `${id}.link`);
  if (linked && outgoing.length === 1)
    return draft.create('bpmn:IntermediateThrowEvent', id, {
      eventDefinitions: [draft.part('bpmn:LinkEventDefinition', { name: linked.to })],
    });
  if ((draft.flow.connectors ?? []).some((c) => c.to === id && c.id === `${c.from}.link`))
    return draft.create('bpmn:IntermediateCatchEvent', id, {
      eventDefinitions: [draft.part('bpmn:LinkEventDefinition', { name: id })],
    });
  if (thrown || terminate) {
    const definition = terminate ? draft.part('bpmn:TerminateEventDefinition') : throwDefinition(draft, thrown!);
    const ends = outgoing.length === 0;
    return draft.create(ends ? 'bpmn:EndEvent' : 'bpmn:IntermediateThrowEvent', id, { eventDefinitions: [definition] });
  }
  if (incoming === 0 && outgoing.length <= 1)
    return draft.create('bpmn:StartEvent', id, trigger ? startMembers(draft, trigger) : {});
  if (outgoing.length === 0 && join !== 'and' && typeof join !== 'object') return draft.create('bpmn:EndEvent', id);
  if (incoming <= 1 && outgoing.length <= 1) return draft.create('bpmn:IntermediateThrowEvent', id);
  if (typeof join === 'object') {
    const activationCondition = draft.expression(`activationCount >= ${join.n}`);
    return draft.create('bpmn:ComplexGateway', id, { activationCondition });
  }
  const parallel = incoming > 1 ? join === 'and' : split === 'and';
  const exclusive = outgoing.length > 1 ? split === 'xor' : join === 'xor';
  return draft.create(`bpmn:${parallel ? 'Parallel' : exclusive ? 'Exclusive' : 'Inclusive'}Gateway`, id);
}

function startMembers(
  draft: ExportDraft,
  trigger: BoundaryEventDefinition | readonly BoundaryEventDefinition[],
): Record<string, unknown> {
  const [first, ...others] = [trigger].flat();
  return {
    eventDefinitions: [first!, ...others].map((t) => triggerDefinition(draft, t)),
    isInterrupting: first!.interrupting !== false,
    ...(first!.together === undefined ? {} : { parallelMultiple: true }),
  };
}

/** Boundary events that are drawn as one: those that count only together, where their ids say so. */
function partsOf(
  all: readonly BoundaryEventDefinition[],
  b: BoundaryEventDefinition,
): readonly BoundaryEventDefinition[] {
  const parts = all.filter((p) => b.together !== undefined && p.together === b.together);
  const drawnAsOne = parts.length > 1 && parts.every((p, i) => p.id === (i === 0 ? p.id : `${parts[0]!.id}.${i + 1}`));
  return drawnAsOne ? parts : [b];
}

function exportBoundary(draft: ExportDraft, activity: ActivityDefinition): void {
  const host = draft.elements.get(activity.id)!;
  const container = draft.containerOf(activity.id);
  const subflow = draft.subflow(activity.id);
  if (host.$type !== 'bpmn:EventBasedGateway') {
    const all = [...(activity.boundary ?? []), ...(subflow?.boundary ?? [])];
    for (const b of all) {
      const parts = partsOf(all, b);
      // It is drawn with the first of them.
      if (parts[0] !== b) continue;
      const event = draft.create('bpmn:BoundaryEvent', b.id, {
        attachedToRef: host,
        cancelActivity: b.interrupting !== false,
        eventDefinitions: parts.map((p) => triggerDefinition(draft, p)),
        ...(parts.length > 1 ? { parallelMultiple: true } : {}),
      });
      if (b.name !== undefined) event['name'] = b.name;
      draft.elements.set(`${activity.id}.${b.id}`, event);
      draft.put(event, container);
    }
  }
  const handler = activity.compensation ?? subflow?.compensation;
  const undoing = handler === undefined ? undefined : draft.elements.get(handler);
  if (!undoing) return;
  const event = draft.create('bpmn:BoundaryEvent', `${activity.id}.compensation`, {
    attachedToRef: host,
    eventDefinitions: [draft.part('bpmn:CompensateEventDefinition')],
  });
  draft.put(event, container);
  draft.put(
    draft.create('bpmn:Association', `${activity.id}.undo`, {
      sourceRef: event,
      targetRef: undoing,
      associationDirection: 'One',
    }),
    container,
    'artifacts',
  );
}

function exportConnector(draft: ExportDraft, connector: ConnectorDefinition): void {
  const { activity, boundary } = draft.sourceOf(connector);
  const event = boundary === undefined ? undefined : draft.elements.get(`${activity}.${boundary}`);
  const ends = liftedEnds(draft, activity, connector.to);
  const source = event && ends[0] === activity ? event : draft.elements.get(ends[0]);
  const target = draft.elements.get(ends[1]);
  if (!source || !target) return;
  if (connector.id === `${connector.from}.link` && source.$type === 'bpmn:IntermediateThrowEvent') return;
  const flow = draft.create('bpmn:SequenceFlow', connector.id, { sourceRef: source, targetRef: target });
  if (connector.name !== undefined) flow['name'] = connector.name;
  if (connector.condition !== undefined) flow['conditionExpression'] = draft.expression(connector.condition, JSONATA);
  if (
    connector.default &&
    /(?:Task|SubProcess|Activity|Transaction|(?:Ex|In)clusiveGateway|ComplexGateway)$/.test(source.$type)
  )
    source['default'] = flow;
  for (const [end, member] of [
    [source, 'outgoing'],
    [target, 'incoming'],
  ] as const)
    (end as unknown as { get(name: string): unknown[] }).get(member).push(flow);
  draft.flows.set(connector.id, flow);
  const container = draft.containerOf(ends[0]);
  draft.put(flow, container);
}

/** A connector across the border of a subflow ends at the subflow itself in BPMN. */
function liftedEnds(draft: ExportDraft, from: string, to: string): readonly [string, string] {
  const chain = (id: string): string[] => {
    const path = [id];
    for (let parent = draft.parentOf(id); parent !== ''; parent = draft.parentOf(parent)) path.push(parent);
    return path;
  };
  const [sources, targets] = [chain(from), chain(to)];
  while (sources.length > 1 && targets.length > 1 && sources.at(-1) === targets.at(-1)) {
    sources.pop();
    targets.pop();
  }
  return [sources.at(-1)!, targets.at(-1)!];
}

function loopElement(draft: ExportDraft, loop: LoopDefinition): Mutable {
  if (loop.kind !== 'forEach') {
    const condition = loop.kind === 'while' ? loop.condition : `$not(${loop.condition})`;
    return draft.part('bpmn:StandardLoopCharacteristics', {
      testBefore: loop.kind === 'while',
      loopCondition: draft.expression(condition, JSONATA),
    });
  }
  return draft.part('bpmn:MultiInstanceLoopCharacteristics', {
    isSequential: loop.sequential === true,
    loopCardinality: draft.expression(loop.items, JSONATA),
    ...(loop.completion === undefined ? {} : { completionCondition: draft.expression(loop.completion, JSONATA) }),
  });
}
