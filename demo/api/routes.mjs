// The functions that the demo's flows orchestrate. Each takes the matched URL parts and the body and gives an answer.

const PRICES = { lamp: 89, chair: 249, desk: 599, sofa: 1490 };

/** Deterministic, so that the demo and its tests can be repeated: the score follows from the letters of the name. */
function creditScore(customer) {
  return 400 + (([...customer.toLowerCase()].reduce((sum, c) => sum + c.charCodeAt(0), 0) * 37) % 500);
}

export const routes = [
  {
    method: 'GET',
    path: /^\/api\/prices\/([^/]+)$/,
    handle: ([, id]) =>
      id in PRICES ? { id, price: PRICES[id] } : { status: 404, body: { message: `There is no product "${id}".` } },
  },
  {
    method: 'GET',
    path: /^\/api\/credit-scores\/([^/]+)$/,
    handle: ([, customer]) => ({ customer, score: creditScore(customer) }),
  },
  {
    method: 'POST',
    path: /^\/api\/orders$/,
    handle: (_, body) => ({ order: `O-${Date.now().toString(36)}`, ...body }),
  },
  { method: 'POST', path: /^\/api\/loans$/, handle: (_, body) => ({ loan: `L-${Date.now().toString(36)}`, ...body }) },
  {
    method: 'GET',
    path: /^\/api\/collateral\/([^/]+)$/,
    handle: ([, customer]) => ({ customer, value: 1000 + creditScore(customer) * 100 }),
  },
  {
    method: 'POST',
    path: /^\/api\/payouts$/,
    handle: (_, body) => ({ payout: `P-${Date.now().toString(36)}`, ...body }),
  },
  { method: 'POST', path: /^\/api\/letters$/, handle: (_, body) => ({ sent: true, ...body }) },
];
