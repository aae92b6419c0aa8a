import { mount } from 'svelte';
import '../flows';
import App from './App.svelte';

mount(App, { target: document.querySelector('#app')! });
