import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const compiled = fileURLToPath(new URL('./contestants/', import.meta.url));
const names = ['publish-with-client', 'publish-with-socket', 'serve-with-library'];

/**
 * Bundles what uses the library into a file for each program, as applications are: reading some hundred small modules
 * takes Node as long as 60 MB of media take the library, and is neither's fault. node-media-server stays as it comes.
 *
 * @returns the folder that they are in, which is the caller's to remove.
 */
export async function bundleContestants(): Promise<string> {
  const parent = join(compiled, '../bundled');
  await mkdir(parent, { recursive: true });
  const outDir = await mkdtemp(join(parent, 'run-'));
  try {
    for (const name of names) {
      await build({
        configFile: false,
        logLevel: 'error',
        build: {
          ...{ ssr: join(compiled, `${name}.js`), outDir, emptyOutDir: false },
          ...{ target: 'node20', minify: false },
          rolldownOptions: { output: { codeSplitting: false, entryFileNames: '[name].js' } },
        },
        ssr: { noExternal: true, target: 'node' },
      });
    }
    await writeFile(join(outDir, 'package.json'), '{ "type": "module" }');
    return outDir;
  } catch (error) {
    await rm(outDir, { recursive: true, force: true });
    throw error;
  }
}
