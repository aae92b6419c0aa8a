export function startSite(options: {
  port?: number;
  apiPort: number;
}): Promise<{ readonly port: number; close(): Promise<void> }>;
