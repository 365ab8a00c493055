// Bundles the command line into cli/dist, unless what is there was made of the same files. The workspace's packages are
// bundled from their sources, so nothing needs to be compiled before. `npm run build` runs this, and so do the tests.
//
//   node scripts/build-cli.mjs
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'cli', 'dist');
/** Names the files that the bundle was made of, with a digest of what was in them, and which of them each chunk holds. */
const inputsFile = join(target, 'inputs.json');

/** What decides about the bundle besides the sources: the packages, what they export, how they are compiled, this file. */
const alwaysInputs = [
  ...['package-lock.json', 'scripts/build-cli.mjs', 'tsconfig.base.json', 'cli/tsconfig.json'],
  ...['contract', 'engine', 'frame-grid', 'messages', 'node-rtmp-client'].map(
    (name) => `packages/${name}/package.json`,
  ),
];

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

/** Whether the bundle is there, and every file that it was made of still has the same content. */
async function isFresh() {
  try {
    const { inputs, digest, chunks } = JSON.parse(await readFile(inputsFile, 'utf8'));
    await Promise.all(Object.keys(chunks).map((name) => stat(join(target, name))));
    return digest === (await digestOf(inputs));
  } catch {
    // There is no bundle, or a file of it, or one that it was made of, is gone.
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
  const startedAt = Date.now();
  /** Modules that leave nothing in the bundle, such as those that only export others, decide about it too. @type {Set<string>} */
  const sources = new Set();
  const result = await build({
    configFile: false,
    root,
    logLevel: 'warn',
    plugins: [ownModules(sources)],
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
  const inputs = [...alwaysInputs, ...[...sources].map((id) => relative(root, id)).sort()];
  await write(outputs, inputs, startedAt);
}

/**
 * A module of ours, wherever the bundler puts it, finds what it looks for through `import.meta.url` (the viewer's page,
 * the packages of the workspace that it belongs to) from where its source is.
 *
 * And it does nothing when it is loaded, so that what nobody uses of it is left out.
 *
 * @param {Set<string>} found gets the path of each
 * @returns {import('vite').Plugin}
 */
const ownModules = (found) => ({
  name: 'tallylight:own-modules',
  transform(code, id) {
    if (!isOurs(id)) return undefined;
    found.add(id);
    const place = `new URL(${JSON.stringify(relative(target, id))}, import.meta.url).href`;
    return {
      code: code.replaceAll('import.meta.url', place),
      map: null,
      moduleSideEffects: false,
    };
  },
});

const isOurs = (/** @type {string} */ id) =>
  id.startsWith(root) && !id.includes('/node_modules/') && !id.includes('\0');

/**
 * Chunks first and what loads them last, so that a command that is started meanwhile runs the old bundle or the new one.
 *
 * @param {(import('vite').Rolldown.OutputChunk | import('vite').Rolldown.OutputAsset)[]} outputs
 * @param {string[]} inputs
 * @param {number} startedAt when the inputs began to be read
 */
async function write(outputs, inputs, startedAt) {
  await mkdir(target, { recursive: true });
  await rm(inputsFile, { force: true });
  const written = new Set(['types']);
  /** @type {Record<string, string[]>} */
  const chunks = {};
  const mainLast = outputs.toSorted(
    (a, b) => Number(a.fileName === 'main.js') - Number(b.fileName === 'main.js'),
  );
  for (const output of mainLast) {
    const { fileName } = output;
    if (output.type === 'asset') throw new Error(`an asset in the bundle: ${fileName}`);
    written.add(fileName);
    chunks[fileName] = output.moduleIds.map((id) => relative(root, id));
    // Another build may run, too.
    const unfinished = join(target, `${fileName}.${process.pid}.unfinished`);
    await writeFile(unfinished, output.code);
    await rename(unfinished, join(target, fileName));
  }
  for (const name of await readdir(target)) {
    if (written.has(name) || name.endsWith('.unfinished')) continue;
    await rm(join(target, name), { recursive: true, force: true });
  }
  const digest = await digestOf(inputs);
  const times = await Promise.all(
    inputs.map(async (path) => (await stat(join(root, path))).mtimeMs),
  );
  // What has changed while it was read may be in the bundle as it was before: that is fresh at no time.
  const changed = Math.max(...times) >= startedAt;
  await writeFile(
    inputsFile,
    JSON.stringify({ digest: changed ? `changed ${startedAt}` : digest, inputs, chunks }),
  );
}

if (!(await isFresh())) await bundle();
