// Two hours of a real broadcast on bad networks (see CONTRIBUTING.md): npm run soak -- [--minutes 120]
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const conditions = ['source', 'node', 'import', 'default'];
const { module } = await runnerImport('/test/soak/soak.ts', {
  root,
  configFile: false,
  logLevel: 'error',
  // The packages of the workspace from their sources, as in the tests.
  environments: { inline: { resolve: { conditions, noExternal: ['node-rtmp-client'] } } },
});

try {
  process.exitCode = (await module.soak(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  const isUsage = error?.code?.startsWith('ERR_PARSE_ARGS') || error?.name === 'ZodError';
  console.error(isUsage ? module.usage : error);
  process.exitCode = isUsage ? 2 : 1;
}
