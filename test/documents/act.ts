// Does in a page what the fence of an example says: `press NAME`, `see TEXT`, `FIELD is VALUE`, `type VALUE into LABEL`, `reload`.
import type { Page } from 'playwright-core';

export async function act(page: Page, script: string | undefined): Promise<void> {
  for (const step of (script ?? '').split(';').map((one) => one.trim())) {
    if (step === '') continue;
    const [, field, value] = /^(\w+) is (.*)$/.exec(step) ?? [];
    const [, typed, label] = /^type (.*) into (.*)$/.exec(step) ?? [];
    if (step === 'reload') await page.reload();
    else if (step.startsWith('press '))
      await page
        .getByRole('button', { name: step.slice(6), exact: true })
        .first()
        .click();
    else if (step.startsWith('see ')) await page.getByText(step.slice(4)).first().waitFor();
    else if (label !== undefined) await page.getByLabel(label).first().fill(typed!);
    else if (field !== undefined)
      await page.waitForFunction(
        ([name, wanted]) => (document.querySelector(`[name="${name}"]`) as { value?: string } | null)?.value === wanted,
        [field, value] as const,
      );
    else throw new Error(`"${step}" is nothing that can be done in a page.`);
  }
}

/** What a page complains about, as it goes on. */
export function problemsOf(page: Page): readonly string[] {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.location().url.endsWith('favicon.ico')) return;
    if (message.type() === 'error' || (message.type() === 'warning' && message.text().includes('[millrace]')))
      problems.push(`${message.text()} ${message.location().url}`);
  });
  return problems;
}
