export type { DataEntry } from './data-log.js';
export {
  createInstanceLogs,
  type DataQuery,
  type InstanceLogs,
  type InstanceLogsOptions,
  type LogQuery,
  type LogSource,
  type TransactionQuery,
} from './instance-logs.js';
export { REDACTED } from './redaction.js';
export type { Outcome, TransactionEntry } from './transaction-log.js';
