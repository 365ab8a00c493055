// Bundles the command line into cli/dist, unless what is there was made of the same files. The workspace's packages are
// bundled from their sources, so nothing needs to be compiled before. `npm run build` runs this, and so do the tests.
//
//   node scripts/build-cli.mjs
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'cli', 'dist');
/** Names the files that the bundle was made of, with a digest of what was in them, and which of them each chunk holds. */
const inputsFile = join(target, 'inputs.json');

/** What decides about the bundle besides the sources in it: the versions of the packages, and this file. */
const alwaysInputs = ['package-lock.json', 'scripts/build-cli.mjs'];

/**
 * What must not go into the bundle: a native module, and packages that are files to be found rather than code to be run.
 */
const notBundled = [
  /^@napi-rs\/keyring/,
  /^ffmpeg-static/,
  /^@ffmpeg-installer\//,
  'bufferutil',
  'utf-8-validate',
];

/** Whether every file that the bundle was made of still has the same content. */
async function isFresh() {
  try {
    const { inputs, digest } = JSON.parse(await readFile(inputsFile, 'utf8'));
    return digest === (await digestOf(inputs));
  } catch {
    // There is no bundle, or a file that it was made of is gone.
    return false;
  }
}

/** @param {string[]} paths relative to the root */
async function digestOf(paths) {
  const contents = await Promise.all(paths.map((path) => readFile(join(root, path))));
  const hash = createHash('sha256');
  for (const [index, content] of contents.entries()) {
    hash.update(`${paths[index]}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function bundle() {
  // Only here: loading vite takes longer than finding out that there is nothing to do.
  const { build } = await import('vite');
  const result = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [ownModules],
    resolve: { conditions: ['source', 'node', 'import', 'default'] },
    ssr: {
      noExternal: true,
      resolve: { conditions: ['source', 'node', 'import', 'default'] },
    },
    build: {
      ssr: true,
      write: false,
      target: 'node20.19',
      minify: false,
      rolldownOptions: {
        input: { main: join(root, 'cli/src/main.ts') },
        external: notBundled,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        checks: { bundlerTimings: false },
      },
    },
  });
  const outputs = Array.isArray(result) ? result.flatMap(({ output }) => output) : result.output;
  await write(outputs);
}

/**
 * A module of ours, wherever the bundler puts it, finds what it looks for through `import.meta.url` (the viewer's page,
 * the packages of the workspace that it belongs to) from where its source is.
 *
 * And it does nothing when it is loaded, so that what nobody uses of it is left out.
 *
 * @type {import('vite').Plugin}
 */
const ownModules = {
  name: 'tallylight:own-modules',
  transform(code, id) {
    if (!isOurs(id)) return undefined;
    const place = `new URL(${JSON.stringify(relative(target, id))}, import.meta.url).href`;
    return {
      code: code.replaceAll('import.meta.url', place),
      map: null,
      moduleSideEffects: false,
    };
  },
};

const isOurs = (/** @type {string} */ id) =>
  id.startsWith(root) && !id.includes('/node_modules/') && !id.includes('\0');

/**
 * Chunks first and what loads them last, so that a command that is started meanwhile runs the old bundle or the new one.
 *
 * @param {(import('vite').Rolldown.OutputChunk | import('vite').Rolldown.OutputAsset)[]} outputs
 */
async function write(outputs) {
  await mkdir(target, { recursive: true });
  const written = new Set(['types', 'main.js']);
  const ids = new Set();
  /** @type {Record<string, string[]>} */
  const chunks = {};
  let main = '';
  for (const output of outputs) {
    if (output.type === 'asset') throw new Error(`an asset in the bundle: ${output.fileName}`);
    for (const id of output.moduleIds) if (isOurs(id)) ids.add(id);
    chunks[output.fileName] = output.moduleIds.map((id) => relative(root, id));
    if (output.fileName === 'main.js') main = output.code;
    else {
      await writeFile(join(target, output.fileName), output.code);
      written.add(output.fileName);
    }
  }
  const inputs = [...alwaysInputs, ...[...ids].map((id) => relative(root, id)).sort()];
  await rm(inputsFile, { force: true });
  await writeFile(join(target, 'main.new.js'), main);
  await rename(join(target, 'main.new.js'), join(target, 'main.js'));
  for (const name of await readdir(target)) {
    if (!written.has(name)) await rm(join(target, name), { recursive: true });
  }
  await writeFile(inputsFile, JSON.stringify({ digest: await digestOf(inputs), inputs, chunks }));
}

if (!(await isFresh())) await bundle();
