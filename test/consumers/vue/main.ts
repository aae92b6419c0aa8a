import { createApp } from 'vue';
import '../flows';
import App from './App.vue';

createApp(App).mount('#app');
