export { createRemoteHost, type RemoteHost, type RemoteHostOptions } from './remote-host.js';
export { GatewayClient, type Credentials } from './gateway-client.js';
export type { OutboxEntry } from './outbox.js';
