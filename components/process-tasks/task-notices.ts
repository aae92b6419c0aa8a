// Tells people of tasks when they look elsewhere: the Notification API for new, soon due and overdue ones, and the badge of an
// installed app for their number. Only for who has asked for it; with a tag, so that several tabs say it once.
import type { TaskView, User } from '../../src/runtime/index.js';
import { languageOf, text, type TextKey } from '../localisation.js';
import { timeOf } from './task-times.js';

type Badging = Navigator & { setAppBadge?(count: number): Promise<void>; clearAppBadge?(): Promise<void> };

/** What the browser has been told by the person; undefined where it has no notifications. */
export function permission(): NotificationPermission | undefined {
  return typeof Notification === 'undefined' ? undefined : Notification.permission;
}

export class TaskNotices {
  readonly #element: HTMLElement;
  readonly #open: (task: TaskView) => void;
  /** Tasks that were there at the last look; undefined before the first. */
  #known: ReadonlySet<string> | undefined;
  /** `id kind` of what has been told. */
  readonly #told = new Set<string>();
  #lookedAt = Date.now();

  constructor(element: HTMLElement, open: (task: TaskView) => void) {
    this.#element = element;
    this.#open = open;
  }

  /** Looks at the list: what is new in it, and what has become urgent since the last look. */
  look(tasks: readonly TaskView[], user: User | undefined, now: number = Date.now()): void {
    const mine = tasks.filter(({ claimedBy }) => claimedBy === undefined || claimedBy === user?.id);
    for (const task of mine) {
      if (this.#known && !this.#known.has(task.id)) this.#tell(task, 'notice-new');
      const isPassed = (at: number): boolean => at > this.#lookedAt && at <= now;
      if (task.dueAt !== undefined && isPassed(task.dueAt)) this.#tell(task, 'overdue');
      else if (task.remindAt?.some(isPassed)) this.#tell(task, 'due-soon');
    }
    this.#known = new Set(mine.map(({ id }) => id));
    this.#lookedAt = now;
    const { setAppBadge, clearAppBadge } = navigator as Badging;
    const badge = mine.length > 0 ? setAppBadge?.call(navigator, mine.length) : clearAppBadge?.call(navigator);
    badge?.catch(() => {});
  }

  /** Another list, of somebody else: nothing in it is news. */
  forget(): void {
    this.#known = undefined;
  }

  #tell(task: TaskView, key: Extract<TextKey, 'notice-new' | 'due-soon' | 'overdue'>): void {
    const tag = `millrace ${task.id} ${key}`;
    if (this.#told.has(tag) || permission() !== 'granted') return;
    this.#told.add(tag);
    const time = task.dueAt === undefined ? '' : timeOf(task.dueAt, languageOf(this.#element));
    const body = `${task.flowTitle} · ${text(this.#element, key, { time })}`;
    try {
      const notice = new Notification(task.name, { body, tag, lang: languageOf(this.#element) });
      notice.addEventListener('click', () => {
        window.focus();
        this.#open(task);
        notice.close();
      });
    } catch {
      // Some mobile browsers have notifications in service workers only.
    }
  }
}
