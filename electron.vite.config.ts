import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { cp } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import {
  viewerLibraryNames,
  viewerLibraryPath,
} from './packages/engine/src/server/http/viewer-libraries.js';

const here = import.meta.dirname;

// Workspace packages are bundled from their sources, as the tests see them.
const workspaceSources = { conditions: ['source', 'module', 'import', 'default'] };
const nodeSources = { conditions: ['source', 'node', 'import', 'default'] };

/**
 * What must not go into the bundle: a native module, and packages that are files to be found rather than code to be
 * run. Everything else is bundled, so the packaged app needs no node_modules.
 */
const notBundled = [
  /^@napi-rs\/keyring/,
  /^ffmpeg-static/,
  /^@ffmpeg-installer\//,
  'bufferutil',
  'utf-8-validate',
];

/** The built-in server's page lies in files of its own; a bundled engine has no packages to find them in. */
const copyViewer: Plugin = {
  name: 'tallylight:copy-viewer',
  async writeBundle({ dir = '.' }) {
    const viewer = resolve(dir, '../viewer');
    await cp(resolve(here, 'packages/engine/assets/viewer'), viewer, { recursive: true });
    const from = resolve(here, 'packages/engine/package.json');
    for (const name of viewerLibraryNames) {
      await cp(viewerLibraryPath(name, from), resolve(viewer, name));
    }
  },
};

export default defineConfig({
  main: {
    plugins: [copyViewer],
    resolve: nodeSources,
    ssr: { resolve: nodeSources },
    build: {
      externalizeDeps: false,
      outDir: 'out/main',
      rolldownOptions: {
        input: { main: resolve(here, 'electron/main.ts') },
        external: notBundled,
        checks: { bundlerTimings: false },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      outDir: 'out/preload',
      rolldownOptions: {
        input: { preload: resolve(here, 'electron/preload.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(here, 'renderer'),
    resolve: workspaceSources,
    plugins: [react(), tailwindcss()],
    worker: { format: 'es' },
    build: {
      outDir: resolve(here, 'out/renderer'),
      // The browser shell runs in whatever Chrome, Chromium or Edge is installed.
      target: 'es2022',
      // data: URLs are not in the content security policy.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: resolve(here, 'renderer/index.html'),
        checks: { bundlerTimings: false },
      },
    },
  },
});
