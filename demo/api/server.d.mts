export interface DemoApi {
  readonly port: number;
  readonly settings: { delay: number; failureRate: number };
  close(): Promise<void>;
}
export function startApi(options?: { port?: number; logFile?: string }): Promise<DemoApi>;
