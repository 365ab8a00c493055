#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Kept apart from the compiled code so that npm can link the command before the first build.
const entry = new URL('../dist/main.js', import.meta.url);
if (existsSync(entry)) {
  await import(entry.href);
} else {
  process.stderr.write('tallylight: not built yet; run "npm run build" first\n');
  process.exitCode = 2;
}
