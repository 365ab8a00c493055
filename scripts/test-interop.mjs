// `npm run test:interop`: the library against the RTMP of others. Writes docs/measurements/interop.md.
import { ensureParts, interopParts } from './test-parts.mjs';
import { interopTests } from './test-runs.mjs';

const missing = await ensureParts(interopParts);
// A part of the cases, named by arguments, does not replace the whole table.
const only = process.argv.slice(2);
process.exitCode = await interopTests(missing, {
  only,
  ...(only.length === 0 && { matrix: `${process.cwd()}/docs/measurements/interop.md` }),
});
