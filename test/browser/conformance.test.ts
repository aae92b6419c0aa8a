import { deleteDB } from 'idb';
import { createBrowserHost } from '../../src/hosts/browser/index.js';
import { hostConformance } from '../conformance/conformance.js';
import { inPage } from '../conformance/in-page.js';

describe('the browser host, like every host,', () => {
  hostConformance(
    {
      name: 'browser',
      abilities: ['clock', 'atomic', 'durable', 'managed'],
      open: () => {
        const name = `test-${crypto.randomUUID()}`;
        return inPage(
          (parts) => createBrowserHost({ name, ...parts }),
          () => deleteDB(name),
        );
      },
    },
    it,
  );
});
