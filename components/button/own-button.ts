// Which button a run button wraps, and whose fields it works on.

/** A button of the page inside the element: native, by role, or of a design system. */
export function ownButton(host: HTMLElement): HTMLElement | undefined {
  // Most have nothing but a label.
  if (!host.firstElementChild) return undefined;
  const native = host.querySelector<HTMLElement>(
    'button:not([slot]), input:is([type="button"], [type="submit"], [type="image"]):not([slot]), [role="button"], [data-flow-trigger]',
  );
  return (
    native ??
    [...host.querySelectorAll<HTMLElement>('*')].find((e) => /-.*(button|btn)|(button|btn).*-/.test(e.localName))
  );
}

/** Whether the browser itself turns its click into a `submit` of its form. */
export function isSubmit(button: HTMLElement): boolean {
  return (
    (button instanceof HTMLButtonElement || button instanceof HTMLInputElement) &&
    /^(submit|image)$/.test(button.type) &&
    button.form !== null
  );
}

/** Whether the browser does not know it for a submit button of its form: a rendered one, or a design system's of that type. */
export function needsStandIn(own: HTMLElement | undefined): boolean {
  if (!own) return true;
  return own.localName.includes('-') && (own.getAttribute('type') ?? (own as { type?: unknown }).type) === 'submit';
}

/** The form of the element, or what its `form` attribute selects; `form="none"` is nothing. */
export function fieldsAround(
  host: HTMLElement & { readonly form?: string | undefined },
  owner: HTMLFormElement | null,
): HTMLElement | undefined {
  const { form } = host;
  if (form === 'none') return undefined;
  if (owner || !form) return owner ?? undefined;
  const root = host.getRootNode() as Document | ShadowRoot;
  try {
    return root.querySelector<HTMLElement>(form) ?? document.querySelector<HTMLElement>(form) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Native validation: says what is wrong at the first invalid field and puts the focus there. */
export function isFilledIn(source: HTMLElement | undefined): boolean {
  if (!source) return true;
  if (source instanceof HTMLFormElement) return source.noValidate || source.reportValidity();
  return [...source.querySelectorAll<HTMLInputElement>('input, select, textarea')].every((field) =>
    field.reportValidity(),
  );
}
