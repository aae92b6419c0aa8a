import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import type { FlowEventMap } from 'millrace/components/flow-button';

@Component({
  selector: 'app-root',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <form>
      <input name="article" value="desk" aria-label="Article" />
      <input type="number" [value]="pieces()" (input)="pieces.set(+$any($event.target).value)" aria-label="Pieces" />
      <flow-button
        flow="price"
        screen-blocking
        [input]="{ pieces: pieces() }"
        timeout="PT30S"
        timeout-action="background"
        (flow-complete)="done($event)"
        (flow-error)="failed($event)"
      >
        Get the price
      </flow-button>
      <p>Total: {{ amount() }}</p>
      <process-button process="order" start-once business-key="'order-1'" message-started="Ordered."
        >Order</process-button
      >
      <process-tasks filterable [pageSize]="10"></process-tasks>
    </form>
  `,
})
export class AppComponent {
  readonly pieces = signal(2);
  readonly amount = signal<number | undefined>(undefined);

  done({ detail }: FlowEventMap['flow-complete']): void {
    this.amount.set(Number(detail.output['amount']));
  }

  failed({ detail }: FlowEventMap['flow-error']): void {
    console.error(detail.code);
  }
}
