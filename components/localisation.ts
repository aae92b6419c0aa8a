// The one seam for texts. Each component brings a catalogue; `localise({ lang: { key: text } })` adds a language or replaces
// texts. The page's `lang` decides, English is the fallback. `{name}` parts are filled in.

type Texts = Readonly<Record<string, string>>;

const own: Record<string, Texts> = {};

/** Adds texts of a language, or replaces some, for all components. */
export function localise(languages: Readonly<Record<string, Texts>>): void {
  for (const [language, more] of Object.entries(languages)) own[language] = { ...own[language], ...more };
}

/** The language of an element: its own or the nearest `lang` around it. */
export function languageOf(element: Element): string {
  return element.closest('[lang]')?.getAttribute('lang') || document.documentElement.lang || 'en';
}

/** Says a text of these in the language of an element. */
export type TextOf<Key extends string> = (
  element: Element,
  key: Key,
  parts?: Readonly<Record<string, string | number>>,
) => string;

export function catalogue<Key extends string>(
  texts: { readonly en: Readonly<Record<Key, string>> } & Readonly<
    Record<string, Readonly<Partial<Record<Key, string>>>>
  >,
): TextOf<Key> {
  return (element, key, parts = {}) => {
    const full = languageOf(element).toLowerCase();
    const short = full.split('-')[0]!;
    const found = own[full]?.[key] ?? own[short]?.[key] ?? texts[full]?.[key] ?? texts[short]?.[key] ?? texts.en[key];
    return found.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ''));
  };
}
