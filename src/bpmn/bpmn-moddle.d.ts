// The part of bpmn-moddle that is used; the package types its elements, not its reader.
declare module 'bpmn-moddle' {
  export class BpmnModdle {
    readonly registry: {
      readonly typeMap: Readonly<
        Record<string, { readonly properties: readonly { name: string; isAttr?: boolean }[] }>
      >;
    };
    fromXML(xml: string): Promise<unknown>;
    toXML(element: object, options?: { format?: boolean; preamble?: boolean }): Promise<{ xml: string }>;
    create(type: string, members?: object): object;
    createAny(type: string, namespace: string, members?: object): object;
  }
}

declare module 'bpmn-auto-layout' {
  export function layoutProcess(xml: string): Promise<string>;
}
