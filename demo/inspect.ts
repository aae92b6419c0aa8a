// The developer's page: what happens in the processes of this browser.
import './page.js';
import '../components/flow-inspector/define.js';
