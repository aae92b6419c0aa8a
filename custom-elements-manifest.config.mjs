export default {
  globs: ['components/**/*.ts'],
  exclude: ['components/**/*.test.ts'],
  outdir: '.',
  litelement: true,
  // It says where the manifest is; the analyzer would write the place of any trial into it.
  packagejson: false,
};
