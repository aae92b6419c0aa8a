export type { MissedPolicy, Scheduler, ScheduleSettings, ScheduleView } from './schedule.js';
