// XState's inspection protocols over instances of flows.
export {
  createInspection,
  type InspectedEvent,
  type InspectedInstances,
  type Inspection,
  type InspectionOptions,
  type InspectionRecord,
  type InspectionSnapshot,
} from './inspection.js';
export { serveBridge, serveWindow, wireOf, type BridgeCommand, type BridgeMessage } from './serve.js';
export { messageOf, type Wire, type WireMessage } from './wires.js';
