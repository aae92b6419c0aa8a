import { expect, fixture, html } from '@open-wc/testing';
import { blocks } from '../../bench/inspector/flows.js';
import { layOutAside } from '../../src/inspect/lay-out-aside.js';
import { layOutFlow } from '../../src/inspect/live.js';
import { compile, createMemoryHost } from '../../src/index.js';
import { until } from '../../test/browser/button-page.js';
import { labels, shown } from '../../test/browser/inspected-page.js';
import './define.js';
import type { FlowInspector } from './define.js';

describe('flow-inspector on a large flow', () => {
  /** An instance of 600 activities that has just begun. */
  async function large(): Promise<FlowInspector> {
    const flow = await compile(blocks('large', 600));
    const host = createMemoryHost({ implementations: { do: () => new Promise(() => {}) } });
    await host.deploy(flow);
    const view = await host.start('large');
    return fixture<FlowInspector>(
      html`<flow-inspector
        .source=${{
          instances: async () => [view],
          history: () => host.history(view.id),
          flowOf: async () => flow,
        }}
      ></flow-inspector>`,
    );
  }

  it('says that it is being laid out, and shows it as soon as the worker has answered', async () => {
    const element = await large();
    await until(() => shown(element).includes('Laying out 6'));
    await until(() => labels(element).length > 590);
    expect(shown(element)).not.to.include('no worker could');
    await until(() => labels(element).includes('Begin: running'));
  });

  it('lays out in the page where no worker can be had, and says why', async () => {
    const before = globalThis.Worker;
    globalThis.Worker = function refused(): never {
      throw new Error('this page allows none');
    } as unknown as typeof Worker;
    try {
      const element = await large();
      await until(() => labels(element).length > 590);
      expect(shown(element)).to.include('no worker could: this page allows none');
    } finally {
      globalThis.Worker = before;
    }
  });

  it('gives the same picture in a worker as in the page, lanes and collapsed subflows included', async () => {
    const flow = await compile({
      ...blocks('boxed', 30),
      subflows: { Box: { activities: ['Do1a'] } },
    });
    for (const options of [{}, { lanes: true }, { collapsed: new Set(['Box']) }]) {
      const { layout, why } = await layOutAside(flow, options);
      expect(why).to.equal(undefined);
      expect(layout).to.deep.equal(layOutFlow(flow, options));
    }
  });
});
