import { expect } from '@open-wc/testing';
import { deleteDB } from 'idb';
import { Connection } from '../../src/hosts/browser/connection.js';
import { GroupCommit } from '../../src/hosts/browser/group-commit.js';
import { takeOver } from '../../src/hosts/browser/take-over.js';

describe('what an executor commits', () => {
  let name: string;
  let connections: Connection[];

  beforeEach(() => {
    name = `test-${crypto.randomUUID()}`;
    connections = [];
  });
  afterEach(async () => {
    for (const connection of connections) await connection.close();
    await deleteDB(name);
  });

  /** An executor in a tab of its own. */
  async function executor(): Promise<{ commit: () => Promise<number>; connection: Connection }> {
    const connection = new Connection(name, 'relaxed');
    connections.push(connection);
    const commits = new GroupCommit(connection, () => Infinity);
    const { epoch, seq } = await connection.write((tx) => takeOver(tx, 1), ['meta', 'log']);
    commits.begin(epoch, seq);
    return { connection, commit: () => commits.commit({}, epoch) };
  }

  async function many(commit: () => Promise<number>, count: number): Promise<void> {
    for (let i = 0; i < count; i++) await commit();
  }

  it('is refused after another has taken over, however much that one has committed since', async () => {
    const old = await executor();
    await old.commit();
    const { commit } = await executor();
    await many(commit, 200);
    const refused = await old.commit().then(
      () => undefined,
      (error: { code: string }) => error.code,
    );
    expect(refused).to.equal('FLOW-FENCED');
    await commit();
  });

  it('leaves a short log behind', async () => {
    const { commit, connection } = await executor();
    await many(commit, 300);
    expect(await connection.read((db) => db.count('log'))).to.be.lessThan(150);
  });
});
