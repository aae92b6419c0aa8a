// `npm run storybook` and `npm run build-storybook`: the manifest first, because the docs pages are made from it.
import { node } from './spawn.mjs';

export const SILENT = { STORYBOOK_DISABLE_TELEMETRY: '1' };

export async function main([mode = 'dev', ...rest]) {
  const manifest = await node('node_modules/@custom-elements-manifest/analyzer/cem.js', ['analyze'], { quiet: true });
  if (manifest.code !== 0) {
    console.error(manifest.output);
    return manifest.code;
  }
  const args =
    mode === 'build'
      ? ['build', '--quiet', '-o', 'storybook-static']
      : ['dev', '-p', '6006', '--ci', '--no-open', '--no-version-updates'];
  const { code } = await node(
    'node_modules/storybook/dist/bin/dispatcher.js',
    [...args, '--disable-telemetry', ...rest],
    { env: SILENT },
  );
  return code;
}
