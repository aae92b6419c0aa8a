// Whether the engine answers.

export async function isHealthy(admin: string): Promise<boolean> {
  try {
    const response = await fetch(`${admin}/health`, { signal: AbortSignal.timeout(2000) });
    return response.ok;
  } catch {
    return false;
  }
}
