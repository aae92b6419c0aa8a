export interface PageConnector {
  readonly summary: string;
  readonly example: Readonly<Record<string, unknown>>;
}
export const PAGE_CONNECTORS: Readonly<Record<string, PageConnector>>;
/** Tries what a page has; gives the exit code. */
export function tryPageConnector(
  args: readonly string[],
  print: (line: string) => void,
  profile?: string,
): Promise<number>;
