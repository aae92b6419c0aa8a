// What runs in the page of `run.ts`: the measurements, and the page whose interaction delay is measured.
import { runtime } from '../../components/index.js';
import { asyncFunction } from '../contestants/async-function.js';
import { flowcraft } from '../contestants/flowcraft.js';
import { millrace } from '../contestants/millrace.js';
import { tanstackWorkflow } from '../contestants/tanstack-workflow.js';
import { xstate } from '../contestants/xstate.js';
import { measure, type Result } from '../measure.js';
import { SCENARIOS } from '../scenarios.js';
import { clicks, upgrades } from './elements.js';
import { comeBack, fill, persistence } from './persistence.js';
import * as stored from './stored.js';

async function steps(rounds: number): Promise<readonly Result[]> {
  const contestants = [millrace, asyncFunction, xstate, flowcraft, tanstackWorkflow];
  const results: Result[] = [];
  for (const scenario of SCENARIOS) results.push(...(await measure(scenario, contestants, rounds)));
  return results;
}

/** Buttons to press while the stored instances are looked after; the durations of what people did, as the browser tells them. */
function interactions(): { durations(): readonly number[] } {
  const durations = new Map<number, number>();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEventTiming & { interactionId?: number })[])
      if (entry.interactionId)
        durations.set(entry.interactionId, Math.max(entry.duration, durations.get(entry.interactionId) ?? 0));
  });
  observer.observe({ type: 'event', durationThreshold: 16, buffered: true } as PerformanceObserverInit);
  runtime.define(
    { flow: 'answer', kind: 'microflow', activities: [{ id: 'A', type: 'script' }] },
    { flow: 'begin', kind: 'process', activities: [{ id: 'A', type: 'script' }] },
  );
  document.body.insertAdjacentHTML(
    'beforeend',
    `<flow-button flow="answer">Answer</flow-button> <process-button process="begin">Begin</process-button>
     <button id="plain">Plain</button> <process-tasks user="u" roles="r"></process-tasks>`,
  );
  return { durations: () => [...durations.values()] };
}

Object.assign(globalThis, { bench: { steps, persistence, fill, comeBack, upgrades, clicks, interactions, ...stored } });
