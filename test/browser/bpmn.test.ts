import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import '../../components/flow-button/define.js';
import '../../components/process-button/define.js';
import { Runtime, runtime } from '../../src/runtime/index.js';

const FILE = '/test/browser/loan.bpmn';

describe('a BPMN file', () => {
  it('runs behind a button that names it', async () => {
    runtime.implement('rate', ({ score }) => ({ score: Number(score ?? 0) + 600 }));
    const form = await fixture<HTMLFormElement>(
      html`<form>
        <input name="score" value="50" />
        <flow-button flow=${FILE}><button>Ask</button></flow-button>
      </form>`,
    );
    const done = oneEvent(form, 'flow-complete');
    form.querySelector('button')!.click();
    const { detail } = (await done) as CustomEvent<{ view: { variables: { decision: string } } }>;
    expect(detail.view.variables.decision).to.equal('yes');
  });

  it('is a process where a process is asked for, and a microflow where a microflow is', async () => {
    const own = new Runtime({ database: `bpmn-${Math.random()}` });
    own.implement('rate', () => ({ score: 1 }));
    const microflow = await own.start(FILE, {}, { kind: 'microflow' });
    expect((await microflow.done).variables['decision']).to.equal('no');
    const process = await own.start(FILE, {}, { kind: 'process' });
    expect((await process.done).kind).to.equal('process');
    await own.close();
  });

  it('that cannot be read says why', async () => {
    const own = new Runtime();
    const missing = await own.start('/test/browser/nowhere.bpmn').catch((e: unknown) => e);
    expect(missing).to.include({ code: 'FLOW-UNKNOWN' });
    expect((missing as Error).message)
      .to.contain('nowhere.bpmn')
      .and.to.contain('404');
  });
});
