import { createRoot } from 'react-dom/client';
import '../flows';
import { App } from './App';
// Once more, as whoever does not know about "types" would.
import 'millrace/react';

createRoot(document.querySelector('#app')!).render(<App />);
