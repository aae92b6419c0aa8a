export { createBrowserHost, type BrowserHost, type BrowserHostOptions } from './browser-host.js';
