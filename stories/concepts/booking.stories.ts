import type { Meta, StoryObj } from '@storybook/web-components-vite';
import { html } from 'lit';
import { expect, waitFor } from 'storybook/test';
import '../../components/flow-inspector/define.js';
import type { FlowInspector } from '../../components/flow-inspector/define.js';
import { runtime } from '../../components/index.js';

runtime.define({
  flow: 'booking',
  title: 'Book a journey',
  kind: 'process',
  activities: [
    {
      id: 'Flight',
      name: 'Book the flight',
      type: 'service',
      implementation: { ref: 'bookFlight' },
      compensation: 'NoFlight',
    },
    {
      id: 'Hotel',
      name: 'Book the hotel',
      type: 'service',
      implementation: { ref: 'bookHotel' },
      compensation: 'NoHotel',
    },
    { id: 'Send', name: 'Send the papers', type: 'script' },
    { id: 'NoFlight', name: 'Cancel the flight', type: 'service', implementation: { ref: 'cancelFlight' } },
    { id: 'NoHotel', name: 'Cancel the hotel', type: 'service', implementation: { ref: 'cancelHotel' } },
  ],
  connectors: [
    { id: 'c1', from: 'Flight', to: 'Hotel' },
    { id: 'c2', from: 'Hotel', to: 'Send' },
  ],
  spheres: [{ id: 'journey', kind: 'compensation', activities: ['Flight', 'Hotel'], on: ['error', 'cancel'] }],
});
runtime.implement({
  bookFlight: () => null,
  cancelFlight: () => null,
  cancelHotel: () => null,
  bookHotel: () => {
    throw Object.assign(new Error('no room is free'), { code: 'NoRoom', retryable: false });
  },
});

const meta: Meta = { title: 'Concepts/Stories', component: 'flow-inspector' };
export default meta;

/** The hotel has no room: what was booked before is cancelled. */
export const Undone: StoryObj = {
  render: () => html`<flow-inspector></flow-inspector>`,
  play: async ({ canvasElement }) => {
    const inspector = canvasElement.querySelector<FlowInspector>('flow-inspector')!;
    const { id } = await runtime.start('booking');
    await inspector.show(id);
    const isUndone = (): Element | null =>
      inspector.shadowRoot!.querySelector('[data-activity=Flight][aria-label*=compensated]');
    await waitFor(() => expect(isUndone()).not.toBe(null), { timeout: 20_000 });
  },
};
