// These packages come without types of what is used of them.
declare module 'bpmn-moddle' {
  export const BpmnModdle: new () => import('./read-xml.js').Moddle;
}

declare module 'bpmn-auto-layout' {
  export function layoutProcess(xml: string): Promise<string>;
}
