// Texts of the overlay.
import { catalogue } from '../localisation.js';

export const text = catalogue({
  en: {
    working: 'Working …',
    cancel: 'Cancel',
    cancelling: 'Cancelling …',
    background: 'Continue in background',
  },
  de: {
    working: 'In Arbeit …',
    cancel: 'Abbrechen',
    cancelling: 'Wird abgebrochen …',
    background: 'Im Hintergrund weiter',
  },
});
