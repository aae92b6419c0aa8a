// These packages come without types of what is used of them.
declare module 'bpmn-moddle' {
  export const BpmnModdle: new () => import('./export/read-original.js').Moddle;
}

declare module 'bpmn-auto-layout' {
  export function layoutProcess(xml: string): Promise<string>;
}

declare module 'saxen' {
  type Decode = (text: string) => string;
  type Where = () => { readonly line: number };
  interface OpenTag {
    readonly name: string;
    readonly attrs: Readonly<Record<string, string>>;
  }
  export class Parser {
    constructor(options: { proxy: true });
    ns(prefixes: Readonly<Record<string, string>>): this;
    on(event: 'openTag', take: (tag: OpenTag, decode: Decode, selfClosing: boolean, where: Where) => void): this;
    on(event: 'closeTag', take: () => void): this;
    on(event: 'text', take: (text: string, decode: Decode, where: Where) => void): this;
    on(event: 'cdata', take: (text: string, where: Where) => void): this;
    on(event: 'warn' | 'error', take: (error: Error, where: Where) => void): this;
    parse(xml: string): void;
  }
}
