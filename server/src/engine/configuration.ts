// The engine's configuration: all listeners on loopback, no telemetry, no end to retries (what must not be retried is data
// by the time it reaches the engine).
import { join } from 'node:path';

export interface EnginePorts {
  readonly ingress: number;
  readonly admin: number;
  readonly node: number;
}

export interface EngineSettings {
  readonly folder: string;
  readonly ports: EnginePorts;
  readonly name?: string;
  /** The node ports of all nodes, when there are several. Everything is kept on two of them then. */
  readonly cluster?: readonly number[];
  /** OpenTelemetry collector, gRPC. */
  readonly tracing?: string;
  /** File of the key that it signs its requests with. */
  readonly identity?: string;
}

export function engineConfiguration({
  folder,
  ports,
  name = 'millrace',
  cluster,
  tracing,
  identity,
}: EngineSettings): string {
  return [
    `cluster-name = "millrace"`,
    `node-name = "${name}"`,
    `base-dir = ${JSON.stringify(join(folder, 'engine'))}`,
    `bind-ip = "127.0.0.1"`,
    `bind-port = ${ports.node}`,
    `advertised-address = "http://127.0.0.1:${ports.node}"`,
    'listen-mode = "tcp"',
    'disable-telemetry = true',
    'log-filter = "warn,octocrab=off"',
    'log-format = "json"',
    'rocksdb-total-memory-size = "256.0 MiB"',
    ...(identity === undefined ? [] : [`request-identity-private-key-pem-file = ${JSON.stringify(identity)}`]),
    ...(tracing === undefined ? [] : [`tracing-endpoint = ${JSON.stringify(tracing)}`]),
    'default-num-partitions = 8',
    // One node of a cluster makes it, the others join.
    `auto-provision = ${cluster === undefined || cluster[0] === ports.node}`,
    ...(cluster ? ['default-replication = 2'] : []),
    '[default-retry-policy]',
    'initial-interval = "50ms"',
    'exponentiation-factor = 2.0',
    'max-interval = "2s"',
    'max-attempts = "unlimited"',
    '[ingress]',
    `bind-port = ${ports.ingress}`,
    '[admin]',
    `bind-port = ${ports.admin}`,
    'disable-web-ui = true',
    ...(cluster
      ? ['[metadata-client]', `addresses = ${JSON.stringify(cluster.map((port) => `http://127.0.0.1:${port}`))}`]
      : []),
    '',
  ].join('\n');
}
