export const wrong = (
  <flow-button flow="price" concurency="queue" onflow-complete={({ detail }) => detail.results}>
    Get the price
  </flow-button>
);
