import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import { buttonPage, double, echo, gate, until } from '../../test/browser/button-page.js';
import { runtime, type FlowDefinition, type JsonObject } from '../../src/runtime/index.js';
import './define.js';
import type { FlowButton } from './flow-button.js';

const answer: FlowDefinition = {
  flow: 'answer',
  kind: 'microflow',
  activities: [
    {
      id: 'A',
      type: 'script',
      output: { total: '42', customer: '{"name": "<b>Ann</b>"}', lines: '[{"sku": "a"}, {"sku": "b"}]' },
    },
  ],
  output: { total: 'total', customer: 'customer', lines: 'lines' },
};
const typed: FlowDefinition = {
  ...echo,
  flow: 'typed',
  input: { amount: { type: 'number' }, express: { type: 'boolean' }, day: { type: 'string', format: 'date' } },
};

/** What the flow has got. */
async function run(element: FlowButton): Promise<JsonObject> {
  const outcome = await element.run();
  if (outcome.status !== 'completed') throw new Error(JSON.stringify(outcome));
  return outcome.instance.view.variables;
}

describe('the input of a flow', () => {
  before(() => runtime.define(double, echo, answer, typed));

  it('is what the fields of the form hold, in their own types', async () => {
    const form = await fixture<HTMLFormElement>(html`
      <form>
        <input name="text" value="a" /><input name="number" type="number" value="2.5" /><input
          name="none"
          type="number"
        />
        <input type="checkbox" name="yes" checked /><input type="checkbox" name="no" />
        <input type="checkbox" name="tag" value="x" checked /><input type="checkbox" name="tag" value="y" /><input
          type="checkbox"
          name="tag"
          value="z"
          checked
        />
        <input type="radio" name="size" value="s" /><input type="radio" name="size" value="m" checked />
        <select name="colours" multiple>
          <option selected>red</option>
          <option selected>blue</option>
          <option>green</option>
        </select>
        <textarea name="words">two&#10;lines</textarea><input name="off" value="x" disabled /><input value="nameless" />
        <input type="password" name="pin" value="1234" /><button name="unpressed" value="1"></button>
        <flow-button flow="echo" data-order-id="7">Go</flow-button>
      </form>
    `);
    expect(await run(form.querySelector('flow-button')!)).to.deep.equal({
      text: 'a',
      number: 2.5,
      yes: true,
      no: false,
      tag: ['x', 'z'],
      size: 'm',
      colours: ['red', 'blue'],
      words: 'two\nlines',
      orderId: '7',
    });
  });

  it('is only what the flow declares, as numbers and booleans where it says so', async () => {
    const form = await fixture<HTMLFormElement>(html`
      <form>
        <input name="amount" value="12" /><input name="day" type="date" /><input name="other" value="x" />
        <flow-button flow="typed" data-express="true">Go</flow-button>
      </form>
    `);
    expect(await run(form.querySelector('flow-button')!)).to.deep.equal({ amount: 12, express: true });
  });

  it('may come from any element with fields', async () => {
    const root = await fixture(html`
      <div>
        <div class="panel"><input name="a" value="1" /><output name="out"></output></div>
        <flow-button flow="echo" form=".panel">Go</flow-button>
      </div>
    `);
    expect(await run(root.querySelector('flow-button')!)).to.deep.equal({ a: '1' });
  });

  it('takes JSON, and JSONata over the fields, from the input attribute', async () => {
    const flow = gate();
    const { element } = await buttonPage({ input: '{"n": 10}' });
    let done = element.run();
    await until(() => flow.asked.length === 1);
    flow.open();
    await done;
    element.setAttribute('input', '{ "n": n + 1 }');
    await element.updateComplete;
    done = element.run({ extra: true });
    await until(() => flow.asked.length === 2);
    flow.open();
    await done;
    expect(flow.asked).to.deep.equal([10, 5]);
  });
});

describe('the output of a flow', () => {
  before(() => runtime.define(double, echo, answer));

  it('never goes over what was edited while the flow ran', async () => {
    const flow = gate();
    const { element, button, result } = await buttonPage();
    button.click();
    await until(() => flow.asked.length === 1);
    result.value = 'mine';
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(result.value).to.equal('mine');
  });

  it('is told to the page by input and change events', async () => {
    const flow = gate();
    const { element, button, result } = await buttonPage();
    const heard: string[] = [];
    for (const type of ['input', 'change']) result.addEventListener(type, () => heard.push(`${type} ${result.value}`));
    button.click();
    await until(() => flow.asked.length === 1);
    flow.open();
    await oneEvent(element, 'flow-complete');
    expect(heard).to.deep.equal(['input 8', 'change 8']);
  });

  it('goes to every kind of field', async () => {
    const all: FlowDefinition = {
      flow: 'all',
      kind: 'microflow',
      activities: [{ id: 'A', type: 'script', output: { x: '1' } }],
      output: { yes: 'true', size: '"m"', tags: '["a", "c"]', colour: '"blue"', total: '9', none: 'null' },
    };
    runtime.define(all);
    const form = await fixture<HTMLFormElement>(html`
      <form>
        <input type="checkbox" name="yes" /><input type="radio" name="size" value="s" checked /><input
          type="radio"
          name="size"
          value="m"
        />
        <select name="tags" multiple>
          <option>a</option>
          <option>b</option>
          <option>c</option>
        </select>
        <select name="colour">
          <option>red</option>
          <option>blue</option>
        </select>
        <output name="total"></output><input name="none" value="x" />
        <flow-button flow="all">Go</flow-button>
      </form>
    `);
    await run(form.querySelector('flow-button')!);
    const values = Object.fromEntries(
      [...new FormData(form)].map(([name]) => [name, new FormData(form).getAll(name).join()]),
    );
    expect(values).to.deep.equal({ yes: 'on', size: 'm', tags: 'a,c', colour: 'blue', none: '' });
    expect(form.querySelector('output')!.value).to.equal('9');
  });

  it('is shown in a target as text, at its places, or by a template, and never as HTML', async () => {
    const root = await fixture(html`
      <div>
        <flow-button flow="answer" target=".target">Go</flow-button>
        <p class="target" id="plain"></p>
        <p class="target" id="places"><b data-value="total"></b> <i data-value="customer.name"></i></p>
        <ul class="target" id="list">
          <template
            ><li data-each="lines" data-value="sku"></li>
            <li data-if="missing">none</li></template
          >
        </ul>
      </div>
    `);
    const element = root.querySelector('flow-button')!;
    await run(element);
    await run(element);
    expect(root.querySelector('#plain')!.textContent).to.contain('total: 42');
    expect(root.querySelector('#places')!.textContent).to.equal('42 <b>Ann</b>');
    const shown = [...root.querySelectorAll<HTMLElement>('#list > li')]
      .filter((li) => !li.hidden)
      .map((li) => li.textContent);
    expect(shown).to.deep.equal(['a', 'b']);
  });

  it('moves a progress bar of the page along', async () => {
    const flow = gate();
    const root = await fixture(html`
      <div>
        <progress id="bar" hidden></progress
        ><flow-button flow="double" input='{"n": 1}' progress="#bar">Go</flow-button>
      </div>
    `);
    const bar = root.querySelector('progress')!;
    const done = root.querySelector('flow-button')!.run();
    await until(() => flow.asked.length === 1);
    expect(bar.hidden).to.equal(false);
    expect([bar.value, bar.max]).to.deep.equal([0, 1]);
    flow.open();
    await done;
    expect(bar.hidden).to.equal(true);
  });
});
