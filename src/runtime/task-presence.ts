// Who has a task open, told among the windows of this browser the moment it is opened: before anybody has entered anything, so
// before there is something to lose. Nothing is stored; a task is taken only by who begins it. Loaded with the first form.
import type { User } from '../hosts/host.js';
import { newId } from './new-id.js';

const CHANNEL = 'millrace-open-tasks';

interface Word {
  readonly task: string;
  /** Which form says it: a person may have several. */
  readonly form: string;
  readonly user: User;
  readonly isOpen: boolean;
  /** Others are to say that they are there. */
  readonly asks: boolean;
}

/** Calls back with the others who have the task open, whenever that changes, until `signal` is aborted. */
export function attendTask(
  task: string,
  user: User,
  listener: (others: readonly User[]) => void,
  signal: AbortSignal,
): void {
  const form = newId();
  const others = new Map<string, User>();
  let channel: BroadcastChannel | undefined;
  const me: User = { id: user.id, roles: [], ...(user.name === undefined ? {} : { name: user.name }) };
  const say = (isOpen: boolean, asks: boolean): void =>
    channel?.postMessage({ task, form, user: me, isOpen, asks } satisfies Word);
  const hear = ({ data }: MessageEvent<Word>): void => {
    if (data.task !== task) return;
    if (data.asks) say(true, false);
    if (data.isOpen) others.set(data.form, data.user);
    else others.delete(data.form);
    listener([...others.values()]);
  };
  const enter = (): void => {
    channel ??= new BroadcastChannel(CHANNEL);
    channel.onmessage = hear;
    // Who was there may have gone without a word.
    others.clear();
    listener([]);
    say(true, true);
  };
  const leave = (): void => {
    say(false, false);
    channel?.close();
    channel = undefined;
  };
  const look = (): void => {
    if (document.visibilityState === 'visible') enter();
  };
  enter();
  // A page in the back/forward cache is nobody's; an open channel would keep it out of there.
  addEventListener('pagehide', leave, { signal });
  addEventListener('pageshow', enter, { signal });
  document.addEventListener('visibilitychange', look, { signal });
  signal.addEventListener('abort', leave);
}
