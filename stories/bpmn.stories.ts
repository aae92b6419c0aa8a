import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, userEvent, waitFor } from 'storybook/test';
import '../components/flow-inspector/define.js';
import type { FlowInspector } from '../components/flow-inspector/define.js';
import { runtime } from '../components/index.js';
import { importBpmn } from '../src/bpmn/index.js';

const LOAN = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:millrace:stories">
  <process id="story-loan" name="Loan" isExecutable="true">
    <startEvent id="asked"/>
    <scriptTask id="rate" name="Rate" scriptFormat="jsonata"><script>{ "score": amount &lt; 1000 ? 9 : 2 }</script></scriptTask>
    <exclusiveGateway id="risk" name="Risk?" default="high"/>
    <scriptTask id="pay" name="Pay out" scriptFormat="jsonata"><script>{ "answer": "paid" }</script></scriptTask>
    <scriptTask id="decline" name="Decline" scriptFormat="jsonata"><script>{ "answer": "declined" }</script></scriptTask>
    <endEvent id="over"/>
    <sequenceFlow id="f1" sourceRef="asked" targetRef="rate"/>
    <sequenceFlow id="f2" sourceRef="rate" targetRef="risk"/>
    <sequenceFlow id="low" sourceRef="risk" targetRef="pay"><conditionExpression>score > 5</conditionExpression></sequenceFlow>
    <sequenceFlow id="high" sourceRef="risk" targetRef="decline"/>
    <sequenceFlow id="f3" sourceRef="pay" targetRef="over"/>
    <sequenceFlow id="f4" sourceRef="decline" targetRef="over"/>
  </process>
</definitions>`;
const BROKEN = LOAN.replace('sourceRef="asked" targetRef="rate"', 'sourceRef="over" targetRef="rate"');

const meta: Meta<{ file: string; amount: number }> = {
  title: 'BPMN file',
  argTypes: { file: { control: 'text' }, amount: { control: 'number' } },
  args: { file: LOAN, amount: 500 },
  render: ({ file, amount }) => {
    const start = async (event: Event): Promise<void> => {
      const root = (event.target as Element).parentElement!;
      const text = root.querySelector('textarea')!.value;
      const outcome = root.querySelector('[role="status"]')!;
      try {
        const { definitions, report } = await importBpmn(text);
        runtime.define(...definitions);
        const { id } = await runtime.start(definitions[0]!.flow, { amount });
        outcome.textContent = `Started; ${report.length} elements are not carried over, or only in part.`;
        await root.querySelector<FlowInspector>('flow-inspector')!.show(id);
      } catch (error) {
        outcome.textContent = (error as Error).message;
      }
    };
    return html`<div>
      <h1>A BPMN file behind a button</h1>
      <label>BPMN 2.0<textarea rows="12" style="inline-size: 100%" spellcheck="false" .value=${file}></textarea></label>
      <button type="button" @click=${start}>Read it and start</button>
      <p role="status"></p>
      <flow-inspector></flow-inspector>
    </div>`;
  },
};
export default meta;
type Story = StoryObj<{ file: string; amount: number }>;

const patient = { timeout: 20_000 };

/** Change the file and start it again. */
export const RunsWhatIsDrawn: Story = {
  play: async ({ canvasElement }) => {
    await userEvent.click(canvasElement.querySelector('button')!);
    const labels = (): string[] =>
      [...canvasElement.querySelector('flow-inspector')!.shadowRoot!.querySelectorAll('.node')].map(
        (n) => n.getAttribute('aria-label') ?? '',
      );
    await waitFor(() => expect(labels().some((l) => l.startsWith('Pay out: completed'))).toBe(true), patient);
  },
};

/** A sequence flow leaves an end event. */
export const RefusesWhatBreaksARule: Story = {
  args: { file: BROKEN },
  play: async ({ canvasElement }) => {
    await userEvent.click(canvasElement.querySelector('button')!);
    const outcome = canvasElement.querySelector('[role="status"]')!;
    await waitFor(() => expect(outcome.textContent).toContain('BPMN-S04'), patient);
  },
};
