// Texts of the work list and its forms.
import { catalogue } from '../localisation.js';

export const text = catalogue({
  en: {
    tasks: 'Tasks',
    noTasks: 'Nothing to do right now.',
    open: 'Open',
    close: 'Close',
    claim: 'Take',
    release: 'Give back',
    complete: 'Done',
    claimedBy: 'taken by {user}',
    claimedByYou: 'taken by you',
    since: 'since {time}',
    due: 'due {time}',
    overdue: 'overdue since {time}',
    required: 'required',
    storage: 'This browser window does not keep data, so processes cannot run here.',
  },
  de: {
    tasks: 'Aufgaben',
    noTasks: 'Im Moment ist nichts zu tun.',
    open: 'Öffnen',
    close: 'Schließen',
    claim: 'Übernehmen',
    release: 'Zurückgeben',
    complete: 'Erledigt',
    claimedBy: 'übernommen von {user}',
    claimedByYou: 'von Ihnen übernommen',
    since: 'seit {time}',
    due: 'fällig {time}',
    overdue: 'überfällig seit {time}',
    required: 'erforderlich',
    storage: 'Dieses Browserfenster speichert nichts, deshalb können Prozesse hier nicht laufen.',
  },
});
