import '@awesome.me/webawesome/dist/styles/webawesome.css';
import '@awesome.me/webawesome/dist/components/button/button.js';
import '../flows';
import body from './body.html?raw';

document.querySelector('#app')!.innerHTML = body;
