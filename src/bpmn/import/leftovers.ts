// Everything in a file that no part of the import has a use for, so that the report names it.
import { everyElement, is, kindOf, many, one, type BpmnElement } from '../elements.js';
import type { BpmnDocument } from '../read-xml.js';
import type { Report } from '../report.js';
import type { Dialect } from './dialect.js';
import type { Vendors } from './vendor.js';

const DRAWING = 'It belongs to the drawing; it changes nothing.';
/** What is known and has no part in a run: consequence → kinds, as a pattern. */
const IDLE: readonly (readonly [RegExp, string])[] = [
  [/^TextAnnotation$|^Documentation$/, 'A note for readers; it changes nothing.'],
  [/^Group$|^Category(Value)?$/, DRAWING],
  [/^DataState$/, 'The state of a data object is not tracked.'],
  [/^Auditing$/, 'Auditing is not set up by a file; the journal records every event.'],
  [/^Monitoring$/, 'Monitoring is not set up by a file.'],
  [/^Rendering$/, 'Renderings are not read; use a form.'],
  [/^Relationship$/, 'Relationships to other files are not read.'],
  [/^Import$/, 'Other files are not read with this one; import them too.'],
  [/^Extension$/, 'Extension definitions are not read.'],
  [/^Partner(Role|Entity)$/, 'Partners have no part in a run.'],
  [/^ParticipantMultiplicity$/, 'How many of a participant there are has no part in a run.'],
  [
    /^Correlation(Subscription|Property|Key)$/,
    'Messages find their instance by name and key only; correlation properties are not read.',
  ],
  [/^(Choreography|GlobalChoreographyTask)$/, 'Choreographies do not run.'],
  [/Conversation/, 'Conversations do not run.'],
  [/^EndPoint$/, 'Endpoints are not called by address; register an implementation.'],
];
/** What our own namespace has besides JSON elements. */
const OWN = new Set('implementation role form timeout due retry kind version id'.split(' '));

export function reportLeftovers(document: BpmnDocument, report: Report, vendors: Vendors, dialect?: Dialect): void {
  for (const element of everyElement(document.root)) {
    const kind = kindOf(element);
    if (is(element, 'BaseElement') || element.$type.startsWith('bpmn:')) {
      const idle = IDLE.find(([kinds]) => kinds.test(kind));
      if (idle && !(kind === 'Documentation' && is(element.$parent, 'Process'))) report.leftOut(element, idle[1]);
      if (kind === 'Association' && !isCompensationAssociation(element)) report.leftOut(element, DRAWING);
      if (kind === 'MessageFlow') messageFlow(element, report);
    }
    for (const name of Object.keys(element.$attrs ?? {})) {
      if (!name.includes(':') || /^(?:xmlns|xsi|xml):/.test(name)) continue;
      const vendor = vendors.vendorOf(name);
      const known = vendor === 'millrace' ? OWN : vendor && dialect?.attributes;
      if (!known?.has(name.slice(name.indexOf(':') + 1)))
        report.leftOut(element, 'An attribute of another tool; it changes nothing here.', name);
    }
    for (const value of many(one(element, 'extensionElements'), 'values')) {
      if (is(value, 'BaseElement')) continue;
      const vendor = vendors.vendorOf(value.$type);
      if (vendor !== 'millrace' && !(vendor && dialect?.elements.has(kindOf(value))))
        report.leftOut(element, 'An extension of another tool; it changes nothing here.', value.$type);
    }
  }
  for (const problem of document.problems) {
    if (problem.property !== undefined && problem.element)
      report.inPart(
        problem.element,
        `"${problem.value ?? ''}", which it refers to, is not in the file.`,
        problem.property,
      );
    else
      report.entries.push({
        ...report.entryOf(
          problem.element ?? document.root,
          'left out',
          `It is not read: ${problem.message}.`,
          problem.value ?? 'content',
        ),
        ...(problem.line === undefined ? {} : { line: problem.line }),
      });
  }
}

function isCompensationAssociation(association: BpmnElement): boolean {
  return [one(association, 'sourceRef'), one(association, 'targetRef')].some((end) =>
    many(end, 'eventDefinitions').some((d) => is(d, 'CompensateEventDefinition')),
  );
}

function messageFlow(flow: BpmnElement, report: Report): void {
  const ends = [one(flow, 'sourceRef'), one(flow, 'targetRef')];
  if (ends.some((end) => is(end, 'Participant')))
    report.inPart(
      flow,
      'One end is a pool as a whole: who that is, is up to the page that sends and receives the message.',
    );
  else if (!is(ends[1], 'ReceiveTask') && !is(ends[1], 'Event'))
    report.inPart(flow, 'It goes to an activity that waits for no message.');
}
