// Texts of the buttons.
import { catalogue } from '../localisation.js';

export const text = catalogue({
  en: {
    failed: 'That did not work.',
    retry: 'Try again',
    invalidFlow: 'This action cannot run because of a mistake in its definition.',
    cancelled: 'Cancelled.',
    timeout: 'There was no answer in time.',
    started: 'Started. You can go on; it continues by itself.',
    startedBefore: 'This is already running.',
    workingOn: 'Working: {activity} …',
    badInput: 'The input of this button is neither JSON nor an expression.',
    storage: 'This browser window does not keep data, so processes cannot run here.',
  },
  de: {
    failed: 'Das hat nicht geklappt.',
    retry: 'Noch einmal',
    invalidFlow: 'Diese Aktion kann nicht laufen, weil ihre Definition einen Fehler hat.',
    cancelled: 'Abgebrochen.',
    timeout: 'Es kam rechtzeitig keine Antwort.',
    started: 'Gestartet. Sie können weiterarbeiten; es läuft von selbst weiter.',
    startedBefore: 'Das läuft bereits.',
    workingOn: 'In Arbeit: {activity} …',
    badInput: 'Die Eingabe dieser Schaltfläche ist weder JSON noch ein Ausdruck.',
    storage: 'Dieses Browserfenster speichert nichts, deshalb können Prozesse hier nicht laufen.',
  },
});
