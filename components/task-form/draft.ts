// What somebody has entered in a task's form, kept in this browser until the task is done, so that a reload, a crash or a
// closed form loses nothing. Passwords and files are never kept.
import type { Json } from '../../src/runtime/index.js';
import { byName, heldBy, kindOf, type Field, type FieldSnapshot } from '../forms/read-fields.js';

interface Kept {
  /** Epoch ms. */
  readonly at: number;
  /** `name/place among the fields of that name` → what it holds. */
  readonly fields: Readonly<Record<string, string>>;
  /** What a custom element held. */
  readonly value?: Json;
}

/** A form that is one custom element: its `value` is what it holds, and `input` or `change` say that it was edited. */
export type CustomForm = HTMLElement & { value?: unknown };

const PREFIX = 'millrace-draft/';
/** A task may be done elsewhere; its draft is then forgotten after this time, ms. */
const KEPT_FOR = 30 * 86_400_000;

/** The draft of one task by one person; without a user, of whoever uses this browser. */
export class Draft {
  readonly #key: string;

  constructor(task: string, user: string | undefined) {
    this.#key = `${PREFIX}${encodeURIComponent(user ?? '')}/${task}`;
  }

  /** Keeps what has been edited; nothing when nothing has. */
  save(form: HTMLFormElement, { before }: FieldSnapshot, custom?: CustomForm): void {
    const fields: Record<string, string> = {};
    for (const [place, field] of places(form)) {
      const held = heldBy(field);
      if (held !== before.get(field)) fields[place] = held;
    }
    const value = custom?.value as Json | undefined;
    if (Object.keys(fields).length === 0 && value === undefined) return this.forget();
    forgetOld();
    const kept: Kept = { at: Date.now(), fields, ...(value === undefined ? {} : { value }) };
    withStorage((storage) => storage.setItem(this.#key, JSON.stringify(kept)));
  }

  /** Writes it into fields that nobody has touched yet. Gives whether there was anything to write. */
  restore(form: HTMLFormElement, { before }: FieldSnapshot, custom?: CustomForm): boolean {
    const kept = parsed(withStorage((storage) => storage.getItem(this.#key)));
    let isRestored = custom !== undefined && kept?.value !== undefined;
    if (isRestored) custom!.value = kept!.value;
    for (const [place, field] of kept ? places(form) : []) {
      const held = kept!.fields[place];
      if (held === undefined || heldBy(field) !== before.get(field) || heldBy(field) === held) continue;
      hold(field, held);
      for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
      isRestored = true;
    }
    return isRestored;
  }

  forget(): void {
    withStorage((storage) => storage.removeItem(this.#key));
  }
}

function* places(form: HTMLFormElement): Iterable<[string, Field]> {
  for (const [name, fields] of byName(form)) {
    for (const [index, field] of fields.entries()) {
      const kind = kindOf(field);
      if (kind !== 'none' && kind !== 'file' && field.type !== 'password') yield [`${name}/${index}`, field];
    }
  }
}

function hold(field: Field, held: string): void {
  const kind = kindOf(field);
  if (kind === 'box' || kind === 'radio') (field as HTMLInputElement).checked = held === 'true';
  else if (kind === 'many') {
    const chosen = held.split('\n');
    for (const option of (field as unknown as HTMLSelectElement).options)
      option.selected = chosen.includes(option.value);
  } else field.value = held;
}

function forgetOld(): void {
  withStorage((storage) => {
    for (const key of Object.keys(storage)) {
      if (!key.startsWith(PREFIX)) continue;
      const kept = parsed(storage.getItem(key));
      if (!kept || kept.at < Date.now() - KEPT_FOR) storage.removeItem(key);
    }
  });
}

function parsed(text: string | null | undefined): Kept | undefined {
  try {
    const kept = JSON.parse(text ?? 'null') as Partial<Kept> | null;
    return typeof kept?.at === 'number' && typeof kept.fields === 'object' ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}

/** A window without storage, or with none left, works without drafts. */
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
