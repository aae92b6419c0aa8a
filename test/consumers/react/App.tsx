import { useState } from 'react';

export function App() {
  const [amount, setAmount] = useState<number>();
  const [pieces, setPieces] = useState(2);
  return (
    <form>
      <input name="article" defaultValue="desk" aria-label="Article" />
      <input type="number" value={pieces} onChange={(e) => setPieces(e.target.valueAsNumber)} aria-label="Pieces" />
      <flow-button
        flow="price"
        screen-blocking
        input={{ pieces }}
        timeout="PT30S"
        timeout-action="background"
        onflow-complete={({ detail }) => setAmount(Number(detail.output['amount']))}
        onflow-error={({ detail }) => console.error(detail.code)}
      >
        Get the price
      </flow-button>
      <p>Total: {amount}</p>
      <process-button process="order" start-once business-key="'order-1'" message-started="Ordered.">
        Order
      </process-button>
      <process-tasks filterable page-size={10} />
    </form>
  );
}
