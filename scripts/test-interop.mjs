// `npm run test:interop`: the library against the RTMP of others. Writes docs/measurements/interop.md.
import { run } from './steps.mjs';
import { ensureParts, interopParts } from './test-parts.mjs';

const missing = await ensureParts(interopParts);

const folder = 'packages/node-rtmp-client/interop';
// A part of the cases, named by arguments, does not replace the whole table.
const only = process.argv.slice(2);
process.exitCode = await run(
  'npx',
  ['vitest', 'run', '--config', `${folder}/vitest.config.ts`, ...only],
  {
    INTEROP_MISSING: missing.map((part) => part.name).join(),
    ...(only.length === 0 && { INTEROP_MATRIX: `${process.cwd()}/docs/measurements/interop.md` }),
  },
);
