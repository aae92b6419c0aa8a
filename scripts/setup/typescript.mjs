// Preloaded where TypeScript runs from its sources: registers the loader in every thread (`--import tsx` does so in the first only).
import { register } from 'tsx/esm/api';

register();
