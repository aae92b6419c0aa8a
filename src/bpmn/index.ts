// The public face of BPMN 2.0 in and out.
export { importBpmn } from './import-bpmn.js';
export { exportBpmn } from './export-on-demand.js';
export type { ExportOptions } from './export/export-bpmn.js';
export type { ImportOptions } from './import/scene.js';
export { MILLRACE } from './import/vendor.js';
export { SCRIPT_IMPLEMENTATION } from './import/scripts.js';
export type { BpmnImport, ReportEntry } from './report.js';
