export type { ArchivedInstance, InstanceArchive, JournalEntry } from './archive.js';
export type { Management, PruneResult } from './management.js';
export type { MigrationOptions, MigrationPlan, Move, Refusal } from './migration.js';
export type { RetentionPolicy } from './retention-policy.js';
