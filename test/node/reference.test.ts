// What is generated of the documents is up to date, and the site has all of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, it } from 'node:test';
import { documents, root } from '../documents/blocks.js';

const site = join(root, 'site');

describe('the reference', () => {
  it('is up to date (npm run docs)', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/docs.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
  });
});

describe('the site', () => {
  it('has every document, with links that lead somewhere in it, and asks nobody outside', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/docs.mjs'], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    const index = readFileSync(join(site, 'index.html'), 'utf8');
    const listed = [...index.matchAll(/<li><a href="([^"]+\.html)"/g)].map(([, href]) => href!);
    const missing = documents()
      .filter((file) => !file.startsWith('docs/decisions/') && file !== 'README.md')
      .filter((file) => !listed.includes(`${file.replace(/\.md$/, '').toLowerCase()}.html`));
    assert.deepEqual(missing, [], 'add them to scripts/site/contents.mjs');
    for (const page of listed) {
      const html = readFileSync(join(site, page), 'utf8');
      assert.doesNotMatch(html, /<(?:script|link|img)[^>]+(?:src|href)="https?:/, page);
      for (const [, href] of html.matchAll(/<a [^>]*href="([^"#:]+\.html)(?:#[^"]*)?"/g))
        assert.ok(existsSync(join(site, posix.join(posix.dirname(page), href!))), `${page}: ${href}`);
    }
  });
});
