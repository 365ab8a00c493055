// `npm run test:interop`: the library against the RTMP of others. Writes docs/interop.md.
import { run } from './steps.mjs';
import { ensureParts, interopParts } from './test-parts.mjs';

const missing = await ensureParts(interopParts);
for (const part of missing) {
  console.error(`test: ${part.name} is missing (${part.install}); skipped: ${part.skips}`);
}
if (missing.length > 0 && process.env.CI === 'true') {
  console.error('test: with CI=true a missing part is a failure');
  process.exit(1);
}

const folder = 'packages/node-rtmp-client/interop';
// A part of the cases, named by arguments, does not replace the whole table.
const only = process.argv.slice(2);
process.exitCode = await run(
  'npx',
  ['vitest', 'run', '--config', `${folder}/vitest.config.ts`, ...only],
  {
    INTEROP_MISSING: missing.map((part) => part.name).join(),
    ...(only.length === 0 && { INTEROP_MATRIX: `${process.cwd()}/docs/interop.md` }),
  },
);
