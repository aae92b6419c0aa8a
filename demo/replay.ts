// A page over instances from files: what happened somewhere else, step by step, without a runtime behind it.
import './page.js';
import '../components/flow-inspector/define.js';
import { exportedSource, readExported, type ExportedInstance } from '../src/inspect/exported.js';

const place = document.querySelector('#place')!;
const problem = document.querySelector('#problem')!;

async function show(files: Iterable<File>): Promise<void> {
  problem.textContent = '';
  try {
    const all: ExportedInstance[] = [];
    for (const file of files) all.push(...(await readExported(await file.text())));
    if (all.length === 0) return;
    const inspector = document.createElement('flow-inspector');
    inspector.source = exportedSource(all);
    place.replaceChildren(inspector);
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error);
  }
}

document.querySelector<HTMLInputElement>('#files')!.addEventListener('change', (event) => {
  void show((event.target as HTMLInputElement).files ?? []);
});
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  void show(event.dataTransfer?.files ?? []);
});
