import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';

interface Attribute {
  readonly name: string;
  readonly description: string;
  readonly valueSet?: string;
  readonly values?: readonly { readonly name: string }[];
}
interface Tag {
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

describe('completion in HTML files', () => {
  const root = new URL('../..', import.meta.url).pathname;
  const place = mkdtempSync(join(tmpdir(), 'manifest-'));
  let tags: readonly Tag[] = [];

  before(async () => {
    const cem = join(root, 'node_modules/@custom-elements-manifest/analyzer/cem.js');
    execFileSync(process.execPath, [cem, 'analyze', '--outdir', relative(root, place), '--quiet'], { cwd: root });
    const manifest: unknown = JSON.parse(readFileSync(join(place, 'custom-elements.json'), 'utf8'));
    const { htmlData } = (await import(`${new URL('../../scripts/html-data.mjs', import.meta.url)}`)) as {
      htmlData: (manifest: unknown) => { tags: readonly Tag[] };
    };
    ({ tags } = htmlData(manifest));
  });
  after(() => rmSync(place, { recursive: true }));

  it('knows every element that the autoloader knows, each with a description', () => {
    const autoload = readFileSync(join(root, 'components/autoload.ts'), 'utf8');
    const known = [...autoload.matchAll(/^ {2}'([\w-]+)': \(\)/gm)].map(([, tag]) => tag!).sort();
    assert.ok(known.length > 0);
    assert.deepEqual(
      tags.map(({ name }) => name),
      known,
    );
    for (const { name, description } of tags) assert.ok(description.length > 0, name);
  });

  it('offers the values of an attribute that has a choice, and none for one that is only there or not', () => {
    const attributes = tags.find(({ name }) => name === 'flow-button')!.attributes;
    const named = (name: string): Attribute | undefined => attributes.find((a) => a.name === name);
    assert.deepEqual(
      named('concurrency')?.values?.map((v) => v.name),
      ['drop', 'queue', 'replace', 'allow'],
    );
    assert.equal(named('screen-blocking')?.valueSet, 'v');
    assert.match(named('flow')!.description, /Name of the flow/);
  });
});
