// `npm start`: the demo.
import { node } from './spawn.mjs';

export async function main() {
  const { code } = await node('demo/start.mjs');
  return code;
}
