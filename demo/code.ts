// Code beside its diagram: what is typed is drawn, and names changed beside the diagram are written into the code.
import './page.js';
import loanApproval from './flows/loan-approval.flow.json';
import { compile, checkDefinition, type FlowDefinition } from '../src/index.js';
import { builderCode, pseudoCode, readBuilderCode, svgGraph, svgSequence } from '../src/inspect/index.js';

const find = <E extends HTMLElement>(id: string): E => document.querySelector<E>(`#${id}`)!;
const code = find<HTMLTextAreaElement>('code');
const kind = find<HTMLSelectElement>('kind');
const activity = find<HTMLSelectElement>('activity');
const name = find<HTMLInputElement>('name');
let definition: FlowDefinition | undefined;

async function show(): Promise<void> {
  const faults = find('faults');
  const text = code.value;
  try {
    definition = readBuilderCode(text);
    const all = await checkDefinition(definition);
    if (text !== code.value) return;
    faults.replaceChildren(
      ...all.map((d) => Object.assign(document.createElement('li'), { textContent: `${d.code} ${d.message}` })),
    );
    const flow = await compile(definition);
    if (text !== code.value) return;
    const picture = kind.value === 'graph' ? svgGraph(flow) : svgSequence(flow);
    const parsed = new DOMParser().parseFromString(picture, 'image/svg+xml').documentElement;
    // In a shadow tree: the rules of the picture are not for the page.
    const place = find('picture');
    (place.shadowRoot ?? place.attachShadow({ mode: 'open' })).replaceChildren(document.importNode(parsed, true));
    find('pseudo').textContent = pseudoCode(flow);
    find('said').textContent = all.length === 0 ? 'No faults.' : `${all.length} to look at, below the diagram.`;
    offerNames(definition);
  } catch (error) {
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
name.addEventListener('input', () => {
  if (!definition) return;
  const activities = definition.activities.map((a) => (a.id === activity.value ? { ...a, name: name.value } : a));
  code.value = builderCode({ ...definition, activities });
  void show();
});
void show();
