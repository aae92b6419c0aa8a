// Small BPMN files with a hole for what breaks a rule.
import { definitions, flow, path, process } from '../bpmn-text.js';

export const SE = '<startEvent id="s"/><endEvent id="e"/>';
export const T = '<task id="t"/>';
export const two = (collaboration: string, a = '', b = ''): string =>
  definitions(`<collaboration id="c"><participant id="A" processRef="pa"/><participant id="B" processRef="pb"/>${collaboration}</collaboration>
    <process id="pa">${a}</process><process id="pb">${b}</process>`);
export const inSub = (attributes: string, content: string, kind = 'subProcess'): string =>
  process(
    `${SE}<${kind} id="sub" ${attributes}>${content}</${kind}>${/triggered/.test(attributes) ? `${T}${path('s', 't', 'e')}` : path('s', 'sub', 'e')}`,
  );
export const boundary = (definition: string, more = '', attributes = ''): string =>
  process(
    `${SE}${T}<boundaryEvent id="b" attachedToRef="t" ${attributes}>${definition}</boundaryEvent><endEvent id="e2"/>${path('s', 't', 'e')}${more}`,
  );
export const event = (definition: string, type = 'intermediateCatchEvent', attributes = ''): string =>
  process(`${SE}<${type} id="x" ${attributes}>${definition}</${type}>${path('s', 'x', 'e')}`);
export const io = (content: string): string =>
  process(`${SE}<task id="t"><ioSpecification>${content}</ioSpecification></task>${path('s', 't', 'e')}`);
export const associated = (content: string): string =>
  process(
    `${SE}<dataObject id="d"/><dataObjectReference id="r" dataObjectRef="d"/><task id="t"><ioSpecification><dataInput id="i"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet/></ioSpecification>${content}</task>${path('s', 't', 'e')}`,
  );
export const multi = (content: string, attributes = ''): string =>
  process(
    `${SE}<task id="t"><multiInstanceLoopCharacteristics ${attributes}>${content}</multiInstanceLoopCharacteristics></task>${path('s', 't', 'e')}`,
  );
export const eventGateway = (attributes: string, a: string, b: string, more = ''): string =>
  process(
    `${SE}<eventBasedGateway id="g" ${attributes}/>${a}${b}${flow('s', 'g')}${a ? flow('g', 'a') + flow('a', 'e') : ''}${flow('g', 'b')}${flow('b', 'e')}${more}`,
  );
export const catching = (id: string, kind = 'timer'): string =>
  `<intermediateCatchEvent id="${id}"><${kind}EventDefinition/></intermediateCatchEvent>`;
export const link = (id: string, type: string, name: string): string =>
  `<${type} id="${id}"><linkEventDefinition name="${name}"/></${type}>`;

export const timed = (member: string, text: string): string =>
  `<timerEventDefinition id="def"><${member}>${text}</${member}></timerEventDefinition>`;

/** Rule → files that break it, each with the element that does. */
export type Breakers = Readonly<Record<string, readonly [file: string, element: string][]>>;
