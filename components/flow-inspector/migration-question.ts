// Moving an instance to the version of its flow that the page has now: what would happen is shown before it is done.
import { html, nothing, render, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { ref } from 'lit/directives/ref.js';
import type { CompiledFlow, MigrationPlan } from '../../src/runtime/index.js';
import type { ActContent, Question } from './act-form.js';

type Renamed = Readonly<Record<string, string>>;

export function migrationQuestion({ view, flow, runtime }: ActContent): Question {
  const dryRun = async (activities: Renamed): Promise<MigrationPlan> =>
    (await runtime.management()).planMigration(view.id, await runtime.definition(view.flow), { activities });
  /** Only the newest answer is shown: somebody may still be typing. */
  let asked = 0;
  const show = async (place: Element | undefined, text: string): Promise<void> => {
    if (!place) return;
    const own = ++asked;
    if (!place.hasChildNodes()) render(html`Looking what would happen …`, place as HTMLElement);
    const told = await Promise.resolve(renamedIn(text))
      .then(dryRun)
      .then((plan) => planInWords(plan, flow))
      .catch((error: Error) => html`<p part="error">${error.message}</p>`);
    if (own === asked) render(told, place as HTMLElement);
  };
  return {
    says: `Moves the instance to the newest definition of "${view.flow}" known here, from where it is. It runs version ${view.version}.`,
    verb: 'Move it',
    why: 'required',
    // Once for a form: what it shows is its own business.
    fields: guard([view], () => {
      let place: Element | undefined;
      return html`<label
          >Activities with another id there, as JSON: {"old": "new"}<textarea
            name="activities"
            class="short"
            spellcheck="false"
            @input=${(e: InputEvent) => void show(place, (e.target as HTMLTextAreaElement).value)}
          ></textarea>
        </label>
        <div role="status" aria-label="What would happen" ${ref((element) => void show((place = element), ''))}></div>`;
    }),
    perform: async ({ text, by }) => {
      const management = await runtime.management();
      const activities = renamedIn(text('activities'));
      await management.migrate(view.id, await runtime.definition(view.flow), { activities, ...by });
    },
  };
}

function renamedIn(text: string): Renamed {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as Renamed;
  } catch (error) {
    throw new Error(`The new ids are not JSON: ${(error as Error).message}.`, { cause: error });
  }
}

function planInWords({ isPossible, moves, refused, notes }: MigrationPlan, { plan }: CompiledFlow): TemplateResult {
  const list = (items: readonly string[]): TemplateResult =>
    html`<ul class="plan">
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>`;
  if (!isPossible)
    return html`<p part="error"><strong>It cannot be moved:</strong></p>
      ${list(refused.map(({ code, message }) => `${code}: ${message}`))}`;
  const name = (id: string): string => plan.activities[id]?.name ?? id;
  return html`<p><strong>It can be moved.</strong> ${moves.length === 0 ? 'Nothing is under way.' : 'Under way:'}</p>
    ${list(moves.map(({ from, to }) => (from === to ? `"${name(from)}" stays where it is` : `"${name(from)}" becomes "${to}"`)))}
    ${notes.length > 0 ? html`<p>Worth knowing:</p>` : nothing} ${list(notes)}`;
}
