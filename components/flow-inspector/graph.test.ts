import { expect, fixture, html } from '@open-wc/testing';
import { runtime } from '../../src/runtime/index.js';
import { until } from '../../test/browser/button-page.js';
import { bankedRuntime, completeTaskOf, labels, press, shown } from '../../test/browser/inspected-page.js';
import './define.js';
import type { FlowInspector } from './define.js';

describe('the graph of flow-inspector', () => {
  bankedRuntime();

  it('can be used with the keyboard alone: along the connectors, with what their conditions gave, to what happened', async () => {
    const { id } = await runtime.start('order', { sum: 3 });
    await completeTaskOf(id);
    await until(async () => (await runtime.instances({ status: 'completed' })).some((v) => v.id === id));
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Pay: completed'));
    const inside = element.shadowRoot!;
    const key = async (name: string): Promise<void> => {
      inside.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true }));
      await element.updateComplete;
      await element.updateComplete;
    };
    const at = (): string | null | undefined => inside.activeElement?.getAttribute('aria-label');
    // The picture is made anew once, when the replay is loaded; whoever is in it then begins again.
    await until(async () => {
      inside.querySelector<SVGElement>('[data-activity=Approve]')!.focus();
      await key('ArrowRight');
      return at() === 'From Approve to Pay: paid, taken';
    });
    await until(() => inside.querySelector('.facts')!.textContent!.includes('was true'));
    expect(inside.querySelector('.facts')!.textContent!.replaceAll(/\s+/g, ' ')).to.include(
      'paid was true (paid = true)',
    );
    await key('ArrowDown');
    await until(() => at() === 'From Approve to No: else, not taken');
    await key('ArrowUp');
    await key('ArrowRight');
    expect(inside.querySelectorAll('.graph [tabindex="0"]').length).to.equal(1);
    await key('Enter');
    await until(() => inside.querySelector('h3')?.textContent === 'Pay');
    expect(shown(element)).to.include('service, completed');
  });

  it('shows lanes, hides what is inside a subflow, zooms, and gives the picture away as SVG', async () => {
    const { id } = await runtime.start('boxed', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Look: ready'));
    const inside = element.shadowRoot!;
    press(element, 'Lanes');
    await until(() => inside.querySelectorAll('.lane').length === 2);
    await expect(element).to.be.accessible();
    const toggle = (): Element => inside.querySelector('.toggle')!;
    expect(toggle().getAttribute('aria-expanded')).to.equal('true');
    toggle().dispatchEvent(new MouseEvent('click', { bubbles: true }));
    await until(() => !labels(element).some((l) => l!.startsWith('Look')));
    press(element, 'Where it stands');
    await until(() => inside.activeElement?.getAttribute('data-activity') === 'Look');

    const width = (): number => inside.querySelector('.graph')!.clientWidth;
    const before = width();
    press(element, '+');
    await until(() => width() > before);

    const { pictureOf, textOf } = await import('./picture.js');
    const { graphStyles } = await import('./graph-styles.js');
    const picture = textOf(pictureOf(inside.querySelector<SVGElement>('.graph')!, graphStyles.cssText));
    const parsed = new DOMParser().parseFromString(picture, 'image/svg+xml');
    expect(parsed.querySelector('parsererror')).to.equal(null);
    expect(parsed.documentElement.textContent).to.include('Look');
    expect(picture).not.to.match(/var\(|tabindex|<!--/);
    await runtime.cancel(id);
  });

  it('prints the picture on a page of its own, with a style sheet that a strict CSP allows', async () => {
    const { id } = await runtime.start('boxed', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('Look: ready'));
    const { pictureOf, print } = await import('./picture.js');
    const { graphStyles } = await import('./graph-styles.js');
    let printed: Document | undefined;
    print(pictureOf(element.shadowRoot!.querySelector<SVGElement>('.graph')!, graphStyles.cssText), (page) => {
      printed = page.document;
      expect(printed.querySelector('style')).to.equal(null);
      expect(printed.defaultView!.getComputedStyle(printed.querySelector('.way .line')!).fill).to.equal('none');
      page.dispatchEvent(new Event('afterprint'));
    });
    expect(printed!.querySelector('svg')!.textContent).to.include('Look');
    expect(document.querySelector('iframe[title="Picture to print"]')).to.equal(null);
    await runtime.cancel(id);
  });

  it('says what the compiler finds, and shows on the graph where', async () => {
    const { id } = await runtime.start('doubtful', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => element.shadowRoot!.querySelector('.faults button') !== null);
    press(element, '! FLOW-E302');
    await until(() => element.shadowRoot!.querySelector('.node.blamed') !== null);
    expect(element.shadowRoot!.querySelectorAll('.node.witness').length).to.be.greaterThan(0);
    expect(element.shadowRoot!.querySelectorAll('.way.witness').length).to.be.greaterThan(0);
    await expect(element).to.be.accessible();
  });

  it('says at a join how many of its ways have come', async () => {
    const { id } = await runtime.start('joined', {});
    const element = await fixture<FlowInspector>(html`<flow-inspector .instance=${id}></flow-inspector>`);
    await until(() => labels(element).includes('J: ready, 1 of 2 ways in'));
    await runtime.cancel(id);
  });
});
