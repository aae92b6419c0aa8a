// What a host is built from, for hosts outside this folder (the server): views, calls of implementations, commands on tasks, moves to
// another definition, archives.
export { checkCallDepth } from './call-depth.js';
export { foundBy, foundKeys, indexingOf, type Indexing } from './found-by.js';
export { foldChanges, mayDo, viewOf, type ActivityFold, type InstanceHeader } from './instance-view.js';
export { matchesQuery } from './instance-query.js';
export { Invocations } from './invocations.js';
export {
  archiveOf,
  chained,
  checkArchive,
  type InstanceArchive,
  type JournalEntry,
  type JournalOrigin,
} from './management/archive.js';
export {
  demandPossible,
  migratedFold,
  migrationRecord,
  planMigration,
  type MigrationOptions,
  type MigrationPlan,
} from './management/migration.js';
export { matches, type Waiter } from './signal-box.js';
export { taskAddress, taskMessage, type TaskCommand } from './task-command.js';
export { timely } from './timely.js';
