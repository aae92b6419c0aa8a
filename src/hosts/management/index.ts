export type { ArchivedInstance, InstanceArchive, JournalEntry } from './archive.js';
export type { Management, PruneResult } from './management.js';
export type { RetentionPolicy } from './retention.js';
