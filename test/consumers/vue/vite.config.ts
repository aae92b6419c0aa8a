import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const isMillrace = (tag: string) => /^(flow|process|task)-/.test(tag);

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: isMillrace } } })],
});
