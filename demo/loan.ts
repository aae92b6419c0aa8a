// The applicant's page: starts loans and shows how far they are, also those of earlier visits.
import './page.js';
import { runtime } from '../components/index.js';
import type { InstanceView } from '../src/runtime/index.js';

runtime.user = { id: 'casey', name: 'Casey', roles: ['applicant'] };
const list = document.querySelector('#loans')!;
const names = new Map<string, string>();

async function show(): Promise<void> {
  const views = await runtime.instances({ flow: 'loan-approval' });
  const { definition } = await runtime.flow('loan-approval');
  for (const a of definition.activities) names.set(a.id, a.name ?? a.id);
  list.replaceChildren(
    ...(views.length > 0
      ? views.map(card)
      : [Object.assign(document.createElement('p'), { textContent: 'No loans yet.' })]),
  );
}

function card(view: InstanceView): HTMLElement {
  const article = document.createElement('article');
  article.dataset['instance'] = view.id;
  const heading = document.createElement('h3');
  const badge = Object.assign(document.createElement('span'), { className: 'badge', textContent: view.status });
  badge.dataset['status'] = view.status;
  heading.append(`${String(view.variables['customer'])}, ${String(view.variables['amount'])} `, badge);
  const steps = document.createElement('ul');
  steps.className = 'steps';
  for (const [id, name] of names) {
    const item = Object.assign(document.createElement('li'), { textContent: name });
    item.dataset['state'] = view.activities[id]?.state ?? 'inactive';
    item.dataset['activity'] = id;
    item.title = item.dataset['state'];
    steps.append(item);
  }
  article.append(heading, steps);
  if (view.failure)
    article.append(Object.assign(document.createElement('p'), { textContent: view.failure.message, role: 'alert' }));
  if (view.status === 'failed')
    article.append(action('Try again', () => runtime.instance(view.id).then((i) => i?.retry())));
  if (view.status === 'running')
    article.append(
      action('Withdraw', () => runtime.instance(view.id).then((i) => i?.cancel('Withdrawn by the applicant.'))),
    );
  return article;
}

function action(label: string, act: () => Promise<unknown>): HTMLButtonElement {
  const button = Object.assign(document.createElement('button'), {
    className: 'plain',
    type: 'button',
    textContent: label,
  });
  button.onclick = () => void act();
  return button;
}

await runtime.resume();
await runtime.watch(() => void show());
await show();
