// Every BPMN construct with a small process that uses it and what has completed when that process is over. The test runs
// them; the table in docs/bpmn.md is made from them.
import { ACTIVITIES } from './constructs/activities.js';
import { DATA } from './constructs/data.js';
import { EVENTS } from './constructs/events.js';
import { GATEWAYS } from './constructs/gateways.js';
import type { Construct } from './constructs/parts.js';
import { SUB_PROCESSES } from './constructs/sub-processes.js';

export type { Construct };

export const CONSTRUCTS: readonly Construct[] = [...ACTIVITIES, ...SUB_PROCESSES, ...GATEWAYS, ...EVENTS, ...DATA];
