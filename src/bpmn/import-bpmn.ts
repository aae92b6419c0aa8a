// BPMN 2.0 XML → flow definitions and a report of everything that did not come along as it stands.
import { FlowError, type FlowDefinition } from '../model/index.js';
import { ForeignExpression, loadForeign } from './expressions/on-demand.js';
import { eventDefinitionsOf, everyElement, flag, idOf, is, many, one, text, type BpmnElement } from './elements.js';
import { quotedName } from './expressions/names.js';
import { importProcess } from './import/process.js';
import { reportLeftovers } from './import/leftovers.js';
import { Messages } from './import/messages.js';
import { raise, START_FLOW } from './import/events.js';
import { isEventSubProcess } from './import/graph.js';
import { thrownBy } from './import/triggers.js';
import {
  bodyOf,
  expressionIn,
  expressionOf,
  FlowDraft,
  forgetMadeUpIds,
  keyOf,
  literal,
  type ImportOptions,
  type Scene,
} from './import/scene.js';
import { EXPORTER, plain, Vendors } from './import/vendor.js';
import { readXml, type BpmnDocument } from './read-xml.js';
import { Report, type BpmnImport } from './report.js';
import { checkRules } from './rules/index.js';

/**
 * Imports a BPMN 2.0 file: one definition per process that has something in it.
 *
 * Throws a `FlowError` and nothing else: `BPMN-XML` (no BPMN file), `BPMN-LIMIT` (too large or too deep), `BPMN-RULE` (it
 * breaks a rule of the standard; `details` lists every broken rule with its element; with `rules: 'report'` they are in
 * the report instead).
 */
export async function importBpmn(source: string | Uint8Array, options: ImportOptions = {}): Promise<BpmnImport> {
  const document = readXml(source);
  try {
    return await importDocument(document, options).catch(async (error: unknown) => {
      if (!(error instanceof ForeignExpression)) throw error;
      await loadForeign();
      return importDocument(document, options);
    });
  } catch (error) {
    if (error instanceof FlowError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new FlowError('BPMN-XML', `The file cannot be imported: ${message}`, {}, { cause: error });
  }
}

const TOOLS = { is, plain, expressionIn, literal, quotedName };

const RARE_TOOLS = {
  bodyOf,
  eventDefinitionsOf,
  expressionOf,
  flag,
  isEventSubProcess,
  keyOf,
  many,
  one,
  raise,
  text,
  thrownBy,
};

/** Engines whose files say more than the standard has words for. */
const ENGINES = /camunda|operaton|activiti|flowable|zeebe/i;

/** Ad-hoc sub-processes, and multiple instances that throw events. */
const RARE = /adHocSubProcess|behavior\s*=/;

async function importDocument(document: BpmnDocument, options: ImportOptions): Promise<BpmnImport> {
  const { root } = document;
  const report = new Report(document.lineOf);
  const { fatal: broken, tolerated } = await checkRules(document, report);
  if (broken.length > 0 && options.rules !== 'report') {
    const lines = broken.map(
      (b) => `  ${b.rule}: ${b.consequence} (${b.kind} ${b.id}${b.line === undefined ? '' : `, line ${b.line}`})`,
    );
    throw new FlowError(
      'BPMN-RULE',
      `The file breaks ${broken.length === 1 ? 'a rule' : `${broken.length} rules`} of BPMN 2.0:\n${lines.join('\n')}`,
      {},
      {
        details: broken.map((b) => ({ ...b })),
      },
    );
  }
  report.entries.push(...broken, ...tolerated);
  forgetMadeUpIds();
  const processes = [...many(root, 'rootElements')].filter((e) => is(e, 'Process'));
  const dialect = ENGINES.test(document.xml) ? (await import('./import/dialect.js')).dialectWith(TOOLS) : undefined;
  const rare = RARE.test(document.xml) ? await import('./import/rare.js') : undefined;
  rare?.useTools(RARE_TOOLS);
  const shared = {
    ...(dialect ? { dialect } : {}),
    ...(rare ? { rare } : {}),
    root,
    report,
    options,
    vendors: new Vendors(root),
    messages: new Messages(root),
  };
  const imported: { process: BpmnElement; definition: FlowDefinition }[] = [];
  for (const process of processes) {
    if (!many(process, 'flowElements').some((e) => is(e, 'FlowNode'))) {
      report.leftOut(process, 'It has nothing in it that could run.');
      continue;
    }
    const scene: Scene = { ...shared, process, draft: new FlowDraft() };
    imported.push({ process, definition: importProcess(scene) });
  }
  reportLeftovers(document, report, shared.vendors, dialect);
  const definitions = mainFirst(root, imported);
  return { definitions, report: sorted(report.entries) };
}

/** The process to start: the first executable one that no other process of the file calls or sends the starting message. */
function mainFirst(
  root: BpmnElement,
  imported: readonly { process: BpmnElement; definition: FlowDefinition }[],
): FlowDefinition[] {
  // An export has them in order.
  if (root['exporter'] === EXPORTER) return imported.map((i) => i.definition);
  const called = new Set([...everyElement(root)].flatMap((e) => text(e, 'calledElement')?.replace(/^.*:/, '') ?? []));
  const started = new Set(
    imported.flatMap(({ definition }) =>
      definition.activities.flatMap(({ implementation: i }) => (i?.ref === START_FLOW ? i.arguments!['flow']! : [])),
    ),
  );
  const rank = ({ process }: { process: BpmnElement }): number =>
    (called.has(idOf(process) ?? '') || started.has(literal(keyOf(process))) ? 2 : 0) +
    (process['isExecutable'] === false ? 1 : 0);
  return [...imported].sort((a, b) => rank(a) - rank(b)).map((i) => i.definition);
}

function sorted(entries: BpmnImport['report'][number][]): BpmnImport['report'] {
  return entries.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
