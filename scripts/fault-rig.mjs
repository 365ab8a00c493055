// Puts a bad network between a client and a server (see CONTRIBUTING.md):
//   node scripts/fault-rig.mjs --to 127.0.0.1:1935 --script FILE | --rate BYTES_PER_SECOND --latency MS …
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const conditions = ['source', 'node', 'import', 'default'];
const { module } = await runnerImport('/test/support/fault-rig/command-line.ts', {
  root,
  configFile: false,
  logLevel: 'error',
  // The packages of the workspace from their sources, so that nothing needs to be built before.
  environments: { inline: { resolve: { conditions, noExternal: ['node-rtmp-client'] } } },
});

try {
  const rig = await module.startFromArguments(process.argv.slice(2), console.log);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void rig.stop());
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${module.usage}`);
  process.exitCode = 2;
}
