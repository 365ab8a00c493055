#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// Node 22.1 and later keep what they have compiled for the next start. Beside the code, and not in a folder for all users
// of the machine, where another of them could put something else; where it cannot be written, Node goes on without.
module.enableCompileCache?.(
  fileURLToPath(new URL('../../node_modules/.cache/tallylight-cli', import.meta.url)),
);

// Kept apart from the bundle so that npm can link the command before the first build.
const entry = new URL('../dist/main.js', import.meta.url);
if (existsSync(entry)) {
  await import(entry.href);
} else {
  process.stderr.write('tallylight: not built yet; run "npm run build" first\n');
  process.exitCode = 2;
}
