// The one seam for texts. The nearest `lang` decides, English is the fallback; an element's own `message-<key>` attribute
// comes before both; `localise` adds or replaces texts of a language.
import { english, type TextKey, type Texts } from './texts/english.js';
import { german } from './texts/german.js';

export type { TextKey, Texts } from './texts/english.js';

const languages: Record<string, Partial<Texts>> = { en: english, de: german };

/** Adds texts of languages, or replaces some: `localise({ fr: { cancel: 'Annuler' } })`. */
export function localise(more: Readonly<Record<string, Partial<Texts>>>): void {
  for (const [language, texts] of Object.entries(more)) {
    const key = language.toLowerCase();
    languages[key] = { ...languages[key], ...texts };
  }
}

/** The language of an element: the nearest `lang` around it, through shadow roots. */
export function languageOf(element: Element): string {
  for (let at: Element | null = element; at; at = (at.getRootNode() as Partial<ShadowRoot>).host ?? null) {
    const language = at.closest('[lang]')?.getAttribute('lang');
    if (language) return language;
  }
  return document.documentElement.lang || 'en';
}

export function text(element: Element, key: TextKey, parts: Readonly<Record<string, string | number>> = {}): string {
  const language = languageOf(element).toLowerCase();
  const found =
    element.getAttribute(`message-${key}`) ??
    languages[language]?.[key] ??
    languages[language.split('-')[0]!]?.[key] ??
    english[key];
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ''));
}
