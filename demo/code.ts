// Code beside its diagram: what is typed is drawn, and names changed beside the diagram are written into the code.
import './page.js';
import loanApproval from './flows/loan-approval.flow.json';
import '../components/flow-graph/define.js';
import type { FlowGraph } from '../components/flow-graph/define.js';
import { compile, checkDefinition, FlowDefinitionError, type FlowDefinition } from '../src/index.js';
import { builderCode, pseudoCode, readBuilderCode, svgSequence } from '../src/inspect/index.js';

const find = <E extends HTMLElement>(id: string): E => document.querySelector<E>(`#${id}`)!;
const code = find<HTMLTextAreaElement>('code');
const graph = find<FlowGraph>('graph');
const kind = find<HTMLSelectElement>('kind');
const activity = find<HTMLSelectElement>('activity');
const name = find<HTMLInputElement>('name');
let definition: FlowDefinition | undefined;

async function show(): Promise<void> {
  const text = code.value;
  const isGraph = kind.value === 'graph';
  graph.hidden = !isGraph;
  find('picture').hidden = isGraph;
  try {
    definition = readBuilderCode(text);
    // Drawn whatever is wrong with it.
    graph.definition = definition;
    offerNames(definition);
    const all = await checkDefinition(definition);
    if (text !== code.value) return;
    find('said').textContent = all.length === 0 ? 'No faults.' : `${all.length} to look at, above the diagram.`;
    const flow = await compile(definition);
    if (text !== code.value) return;
    find('pseudo').textContent = pseudoCode(flow);
    if (isGraph) return;
    const parsed = new DOMParser().parseFromString(svgSequence(flow), 'image/svg+xml').documentElement;
    // In a shadow tree: the rules of the picture are not for the page.
    const place = find('picture');
    (place.shadowRoot ?? place.attachShadow({ mode: 'open' })).replaceChildren(document.importNode(parsed, true));
  } catch (error) {
    // What the compiler has found stands above the diagram already.
    if (error instanceof FlowDefinitionError || text !== code.value) return;
    find('said').textContent = error instanceof Error ? error.message : String(error);
  }
}

function offerNames({ activities }: FlowDefinition): void {
  const chosen = activity.value;
  activity.replaceChildren(...activities.map((a) => new Option(a.id, a.id, false, a.id === chosen)));
  if (document.activeElement !== name) takeName();
}

function takeName(): void {
  const found = definition?.activities.find((a) => a.id === activity.value);
  name.value = found?.name ?? found?.id ?? '';
}

code.value = builderCode(loanApproval as unknown as FlowDefinition);
code.addEventListener('input', () => void show());
kind.addEventListener('change', () => void show());
activity.addEventListener('change', takeName);
graph.addEventListener('graph-select', ({ detail }) => {
  if (detail.activity === undefined) return;
  activity.value = detail.activity;
  takeName();
});
name.addEventListener('input', () => {
  if (!definition) return;
  const activities = definition.activities.map((a) => (a.id === activity.value ? { ...a, name: name.value } : a));
  code.value = builderCode({ ...definition, activities });
  void show();
});
void show();
