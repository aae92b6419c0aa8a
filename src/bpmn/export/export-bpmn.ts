// Flow definitions → BPMN 2.0 XML with a diagram.
import type { FlowDefinition } from '../../model/index.js';
import { FlowError } from '../../model/index.js';
import type { BpmnElement } from '../elements.js';
import { importBpmn } from '../import-bpmn.js';
import { EXPORTER, MILLRACE } from '../import/vendor.js';
import { textOf } from '../read-xml.js';
import { createModdle, readOriginal } from './read-original.js';
import { exportActivities } from './activities.js';
import { attachDifferences, isSame } from './compare.js';
import { drawDiagram } from './diagram.js';
import { ExportDraft, type Mutable } from './draft.js';
import { keepForeign } from './foreign.js';

export interface ExportOptions {
  /** The file that the definitions were imported from: its diagram, extensions of other tools and notes are kept. */
  readonly original?: string | Uint8Array;
}

/** What `millrace/bpmn` exports under this name. */
export async function exportBpmn(
  definitions: FlowDefinition | readonly FlowDefinition[],
  options: ExportOptions = {},
): Promise<string> {
  const flows: readonly FlowDefinition[] = Array.isArray(definitions)
    ? (definitions as readonly FlowDefinition[])
    : [definitions as FlowDefinition];
  if (flows.length === 0 || flows.some((f) => !Array.isArray(f?.activities)))
    throw new FlowError(
      'BPMN-EXPORT',
      'There is nothing to export: a flow definition, or a list of them, is expected.',
    );
  const { original } = options;
  if (original !== undefined && (await isUnchanged(flows, original))) return asUtf8(textOf(original));
  const whole = original === undefined ? undefined : await readOriginal(original);
  // Twice: plain BPMN first, to see what an import makes of it.
  const plain = await build(flows);
  const { definitions: given, report } = await importBpmn(await toXml(plain.root), { rules: 'report' });
  const exact = await build(flows);
  // Flows may be looser than what the standard asks of a process that calls itself executable.
  if (report.some((r) => r.rule !== undefined)) for (const { process } of exact.drafts) process['isExecutable'] = false;
  for (const draft of exact.drafts)
    attachDifferences(
      draft,
      given.find((g) => g.flow === draft.flow.flow) ?? { flow: draft.flow.flow, kind: 'process', activities: [] },
    );
  if (whole) keepForeign(exact.root, whole);
  await drawDiagram(exact.moddle, exact.root, exact.drafts);
  return toXml(exact.root);
}

/** What is text now is no longer in the encoding that the file declared. */
function asUtf8(xml: string): string {
  return xml.replace(/^(\s*<\?xml[^>]*?\sencoding=)(["'])[\w.:-]*\2/, '$1$2UTF-8$2');
}

async function isUnchanged(flows: readonly FlowDefinition[], original: string | Uint8Array): Promise<boolean> {
  const { definitions } = await importBpmn(original, { rules: 'report' });
  return isSame(definitions, flows);
}

async function build(
  flows: readonly FlowDefinition[],
): Promise<{ root: Mutable; drafts: readonly ExportDraft[]; moddle: Awaited<ReturnType<typeof createModdle>> }> {
  const moddle = await createModdle();
  const taken = new Set<string>(['Definitions_1']);
  const shared = new Map<string, Mutable>();
  const root = moddle.create('bpmn:Definitions', {
    id: 'Definitions_1',
    targetNamespace: 'urn:millrace:flows',
    exporter: EXPORTER,
  }) as Mutable;
  (root as { $attrs: Record<string, string> }).$attrs['xmlns:millrace'] = MILLRACE;
  const drafts = flows.map((flow) => new ExportDraft(moddle, flow, taken, shared));
  for (const draft of drafts) exportActivities(draft);
  const roots: BpmnElement[] = [...drafts.flatMap((d) => d.roots)];
  if (drafts.length > 1) {
    const participants = drafts.map((d) =>
      d.create('bpmn:Participant', `${d.flow.flow}.pool`, { name: d.flow.title ?? d.flow.flow, processRef: d.process }),
    );
    const collaboration = moddle.create('bpmn:Collaboration', { id: 'Collaboration_1', participants }) as Mutable;
    for (const participant of participants) (participant as { $parent?: unknown }).$parent = collaboration;
    roots.push(collaboration);
  }
  roots.push(...drafts.map((d) => d.process));
  for (const element of roots) (element as { $parent?: unknown }).$parent = root;
  root['rootElements'] = roots;
  return { root, drafts, moddle };
}

async function toXml(root: BpmnElement): Promise<string> {
  try {
    const { xml } = await (await createModdle()).toXML(root, { format: true });
    return xml;
  } catch (cause) {
    throw new FlowError(
      'BPMN-EXPORT',
      `The flow cannot be written as BPMN: ${(cause as Error).message}`,
      {},
      { cause },
    );
  }
}
