// The `notify` implementation: a notification of the browser, for people who look elsewhere. Only where the user has allowed it;
// otherwise the flow is told so and can go another way.
import type { JsonObject } from '../model/index.js';
import type { ImplementationFunction } from './implementation.js';

/**
 * Arguments: `title`, `body`, `icon`, `tag`, `url` (of this origin; opened by a click). Result: `{ shown, permission }`. A repetition
 * replaces the notification, because its tag is the idempotency key.
 */
export const notify: ImplementationFunction = async ({ title, body, icon, tag, url }, { idempotencyKey }) => {
  const permission = await permissionToShow();
  if (permission !== 'granted') return { shown: false, permission };
  const options: NotificationOptions = {
    tag: String(tag ?? idempotencyKey),
    ...(body === undefined ? {} : { body: String(body) }),
    ...(icon === undefined ? {} : { icon: String(icon) }),
  };
  // Phones show notifications only for a service worker, whose own code then deals with the click.
  const registration = await globalThis.navigator?.serviceWorker?.getRegistration().catch(() => undefined);
  if (registration?.active) {
    await registration.showNotification(String(title ?? document.title), { ...options, data: { url: own(url) } });
  } else {
    new Notification(String(title ?? document.title), options).onclick = () => {
      window.focus();
      const address = own(url);
      if (address !== null) location.assign(address);
    };
  }
  return { shown: true, permission };
};

async function permissionToShow(): Promise<NotificationPermission | 'unsupported'> {
  if (typeof Notification === 'undefined') return 'unsupported';
  // Browsers that want a click for the question answer "default" without asking.
  return Notification.permission === 'default' ? Notification.requestPermission() : Notification.permission;
}

/** An address of this origin, or null: a flow must not lead people away. */
function own(url: JsonObject[string] | undefined): string | null {
  if (typeof url !== 'string') return null;
  const address = URL.canParse(url, location.href) ? new URL(url, location.href) : undefined;
  return address?.origin === location.origin ? address.href : null;
}
