export { createBrowserHost } from './browser-host.js';
export type { BrowserHost, BrowserHostOptions } from './browser-host-options.js';
