// All scenarios, by kind.
import { COMPENSATION } from './compensation.js';
import { EVENTS } from './events.js';
import { GATEWAYS } from './gateways.js';
import type { Scenario } from './parts.js';
import { POOLS } from './pools.js';

export const KINDS: Readonly<Record<string, readonly Scenario[]>> = {
  gateways: GATEWAYS,
  events: EVENTS,
  compensation: COMPENSATION,
  pools: POOLS,
};

export const SCENARIOS: readonly Scenario[] = Object.values(KINDS).flat();
