import type { Contestant } from '../scenarios.js';

export const bpmnEngine: Contestant = {
  name: 'bpmn-engine',
  package: 'bpmn-engine',
  prepare: async ({ kind, size }, work) => {
    if (kind !== 'sequence' && kind !== 'split') return undefined;
    const { Engine } = await import('bpmn-engine');
    const ids = Array.from({ length: size }, (_, i) => `a${i}`);
    const task = (id: string): string => `<serviceTask id="${id}" implementation="\${environment.services.work}" />`;
    const flow = (from: string, to: string): string =>
      `<sequenceFlow id="${from}_${to}" sourceRef="${from}" targetRef="${to}" />`;
    const body =
      kind === 'sequence'
        ? [...ids.map(task), ...ids.slice(1).map((id, i) => flow(ids[i]!, id))]
        : [
            task('s'),
            '<parallelGateway id="fork" />',
            ...ids.map(task),
            '<parallelGateway id="gather" />',
            task('j'),
            flow('s', 'fork'),
            ...ids.flatMap((id) => [flow('fork', id), flow(id, 'gather')]),
            flow('gather', 'j'),
          ];
    const source = `<?xml version="1.0" encoding="UTF-8"?><definitions id="d" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:bench"><process id="p" isExecutable="true">${body.join('')}</process></definitions>`;
    const services = { work: (_: unknown, done: (error: null) => void) => void work().then(() => done(null)) };
    return async () => {
      const engine = new Engine({ name: 'bench', source });
      const ended = new Promise<void>((resolve, reject) => {
        engine.once('end', () => resolve());
        engine.once('error', reject);
      });
      await engine.execute({ services });
      await ended;
    };
  },
};
