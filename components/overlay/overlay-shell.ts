// The part of the overlay that must be there within the click's own task: a modal dialog, still without anything in it,
// that makes the page inert. What people see in it is loaded with `blocking-overlay.ts`.

let shell: HTMLDialogElement | undefined;
let returnTo: Element | null = null;

/** The open dialog; opens it if it is not. */
export function openShell(): HTMLDialogElement {
  if (!shell) {
    shell = document.createElement('dialog');
    shell.className = 'millrace-overlay';
    shell.tabIndex = -1;
    // Escape means cancel, never a dialog that closes while the flow goes on.
    shell.addEventListener('cancel', (event) => event.preventDefault());
  }
  if (!shell.open) {
    returnTo = document.activeElement;
    document.body.append(shell);
    shell.showModal();
    shell.focus({ preventScroll: true });
  }
  return shell;
}

/** Closes it and gives the focus back to where it was. */
export function closeShell(): void {
  shell?.close();
  shell?.remove();
  if (returnTo instanceof HTMLElement && returnTo.isConnected) returnTo.focus({ preventScroll: true });
  returnTo = null;
}
