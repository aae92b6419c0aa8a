// What Prometheus reads: requests, open streams, instances by status.
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ReadModel } from '../read-model/read-model.js';
import type { Changes } from './changes.js';

export interface Metrics {
  readonly registry: Registry;
  observe(method: string, route: string, status: number, seconds: number): void;
}

export function createMetrics(model: ReadModel, changes: Changes): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'millrace_http_request_seconds',
    help: 'Time to answer a request.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 25],
    registers: [registry],
  });
  registry.registerMetric(
    new Gauge({
      name: 'millrace_event_streams',
      help: 'Open event streams.',
      registers: [],
      collect() {
        this.set(changes.listeners);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'millrace_instances',
      help: 'Kept instances by status.',
      labelNames: ['status'],
      registers: [],
      async collect() {
        this.reset();
        for (const [status, count] of Object.entries(await model.counts())) this.set({ status }, count);
      },
    }),
  );
  return {
    registry,
    observe: (method, route, status, seconds) => duration.observe({ method, route, status }, seconds),
  };
}
