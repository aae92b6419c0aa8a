import { describe, it } from 'node:test';
import { createMemoryHost } from '../../src/index.js';
import { hostConformance } from '../conformance/conformance.js';
import { inPage } from '../conformance/in-page.js';

describe('the memory host, like every host,', () => {
  hostConformance(
    {
      name: 'memory',
      abilities: ['clock', 'atomic', 'managed'],
      open: () => inPage(async (parts) => createMemoryHost(parts)),
    },
    it,
  );
});
