import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, waitFor } from 'storybook/test';
import '../components/flow-inspector/define.js';
import type { FlowInspector } from '../components/flow-inspector/define.js';
import { runtime } from '../components/index.js';
import type { JsonObject } from '../src/runtime/index.js';
import { stuck } from './stuck-flows.js';

/** Why does it not go on? Each of these stands still for another reason; the line below its title says which. */
const meta: Meta = {
  title: 'Why is it stuck?',
  component: 'flow-inspector',
  beforeEach: async () => {
    runtime.user = { id: 'casey', name: 'Casey', roles: [] };
    for (const view of await runtime.instances({ status: ['running', 'failed'] })) await runtime.cancel(view.id);
  },
  render: () => html`<flow-inspector></flow-inspector>`,
};
export default meta;
type Story = StoryObj;

/** Starts it in the inspector of the story, and waits for what it says. */
function says(flow: keyof typeof stuck, why: readonly string[], input: JsonObject = {}): Story {
  return {
    play: async ({ canvasElement }) => {
      const inspector = canvasElement.querySelector<FlowInspector>('flow-inspector')!;
      const { id } = await runtime.start(stuck[flow].flow, input);
      await inspector.show(id);
      const told = (): string => inspector.shadowRoot!.querySelector('.why')?.textContent ?? '';
      await waitFor(
        async () => {
          for (const part of why) await expect(told()).toContain(part);
        },
        { timeout: 20_000 },
      );
    },
  };
}

/** For whom, and with which role. */
export const NobodyHasSigned: Story = says('role', ['a person with role "deputy-director" for "Sign above 10,000"']);

/** For which message, and with which key. */
export const NoPaymentHasCome: Story = says('message', ['the message "paid" with key "R-17"'], { invoice: 'R-17' });

/** For which timer, and when it is due. */
export const TheTermHasNotEnded: Story = says('timer', ['the timer of "Term of payment", due at']);

/** Where it has stopped, and how. */
export const TheCarrierRefuses: Story = says('incident', [
  'Stopped at "Print the label", after 3 attempts: Unavailable: the carrier answers 503',
]);

/** What has come to the join, what has not, and what that waits for. */
export const TheJoinIsNotComplete: Story = says(
  'join',
  [
    'the message "papers" with key "C-3"',
    'The join at "Score and papers"',
    'what comes from "File the papers" has not come',
  ],
  { customer: 'C-3' },
);

/** Which function is missing on every open page. */
export const NobodyHasTheFunction: Story = says('implementation', [
  'a page that can do "Ask the agency"',
  'ratingAgency',
]);
