// The indexes of `instances`, and what they would find among records that are in no store yet.
import type { InstanceRecord } from './schema.js';

/** What the keys of the indexes are. */
export interface InstanceKeys {
  readonly open: 1 | 0;
  readonly busy: 1;
  readonly awaits: string;
  readonly flow: string;
  readonly key: readonly [flow: string, key: string];
  readonly found: string;
}

export type IsMeant = (record: InstanceRecord) => boolean;

export const HAS: { readonly [Index in keyof InstanceKeys]: (key: InstanceKeys[Index]) => IsMeant } = {
  open: (key) => (record) => record.open === key,
  busy: (key) => (record) => record.busy === key,
  awaits: (key) => (record) => record.awaits.includes(key),
  flow: (key) => (record) => record.flow === key,
  key:
    ([flow, key]) =>
    (record) =>
      record.flow === flow && record.key === key,
  found: (key) => (record) => record.found?.includes(key) === true,
};
