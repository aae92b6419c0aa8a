// The one seam for texts. `localise({ lang: { key: text } })` adds or replaces; the page's `lang` decides, English is the
// fallback. `{name}` parts are filled in.

const english = {
  working: 'Working …',
  workingOn: 'Working: {activity} …',
  progress: '{done} of {total} done',
  cancel: 'Cancel',
  cancelling: 'Cancelling …',
  background: 'Continue in background',
  retry: 'Try again',
  close: 'Close',
  done: 'Done',
  failed: 'That did not work.',
  invalidFlow: 'This action cannot run because of a mistake in its definition.',
  cancelled: 'Cancelled.',
  timeout: 'There was no answer in time.',
  started: 'Started. You can go on; it continues by itself.',
  startedBefore: 'This is already running.',
  tasks: 'Tasks',
  noTasks: 'Nothing to do right now.',
  open: 'Open',
  claim: 'Take',
  release: 'Give back',
  complete: 'Done',
  claimedBy: 'taken by {user}',
  claimedByYou: 'taken by you',
  since: 'since {time}',
  due: 'due {time}',
  overdue: 'overdue since {time}',
  required: 'required',
  badInput: 'The input of this button is neither JSON nor an expression.',
  storage: 'This browser window does not keep data, so processes cannot run here.',
};

export type TextKey = keyof typeof english;
type Texts = Partial<Record<TextKey, string>>;

const german: Texts = {
  working: 'In Arbeit …',
  workingOn: 'In Arbeit: {activity} …',
  progress: '{done} von {total} erledigt',
  cancel: 'Abbrechen',
  cancelling: 'Wird abgebrochen …',
  background: 'Im Hintergrund weiter',
  retry: 'Noch einmal',
  close: 'Schließen',
  done: 'Fertig',
  failed: 'Das hat nicht geklappt.',
  invalidFlow: 'Diese Aktion kann nicht laufen, weil ihre Definition einen Fehler hat.',
  cancelled: 'Abgebrochen.',
  timeout: 'Es kam rechtzeitig keine Antwort.',
  started: 'Gestartet. Sie können weiterarbeiten; es läuft von selbst weiter.',
  startedBefore: 'Das läuft bereits.',
  tasks: 'Aufgaben',
  noTasks: 'Im Moment ist nichts zu tun.',
  open: 'Öffnen',
  claim: 'Übernehmen',
  release: 'Zurückgeben',
  complete: 'Erledigt',
  claimedBy: 'übernommen von {user}',
  claimedByYou: 'von Ihnen übernommen',
  since: 'seit {time}',
  due: 'fällig {time}',
  overdue: 'überfällig seit {time}',
  required: 'erforderlich',
  badInput: 'Die Eingabe dieser Schaltfläche ist weder JSON noch ein Ausdruck.',
  storage: 'Dieses Browserfenster speichert nichts, deshalb können Prozesse hier nicht laufen.',
};

const texts: Record<string, Texts> = { en: english, de: german };

/** Adds texts of a language, or replaces some. */
export function localise(languages: Readonly<Record<string, Texts>>): void {
  for (const [language, more] of Object.entries(languages)) texts[language] = { ...texts[language], ...more };
}

/** The language of an element: its own or the nearest `lang` around it. */
export function languageOf(element: Element): string {
  return element.closest('[lang]')?.getAttribute('lang') || document.documentElement.lang || 'en';
}

export function text(element: Element, key: TextKey, parts: Readonly<Record<string, string | number>> = {}): string {
  const language = languageOf(element).toLowerCase();
  const found = texts[language]?.[key] ?? texts[language.split('-')[0]!]?.[key] ?? english[key];
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(parts[name] ?? ''));
}
