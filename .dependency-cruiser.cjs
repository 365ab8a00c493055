/**
 * The import law of ARCHITECTURE.md: what each folder may import. Everything that is not listed is forbidden, cycles too.
 * `npm run check` applies it; `test/import-law.test.ts` plants violations and expects them to be found.
 */
const inside = (...folders) => folders.map((folder) => `^${folder}/`);
const builtin =
  '^(node:)?(assert|buffer|child_process|crypto|dns|events|fs|http|https|module|net|os|path|perf_hooks|process|readline|stream|string_decoder|timers|tls|url|util|worker_threads|zlib)(/|$)';
const npm = 'node_modules/';
const packages = (...names) => `node_modules/(${names.join('|')})/`;
const electron = '(^|node_modules/)electron(/|$)';

/** One line of the law: the files of `from` may import only what matches one of `allowed`. */
const law = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: `^${from}/`, pathNot: '\\.test\\.tsx?$' },
  to: { pathNot: allowed },
});

const library = 'packages/node-rtmp-client/src';
const libraryLaw = (folder, mayImport, also = []) =>
  law(`library-${folder}`, `${library}/${folder}`, [
    ...inside(...[folder, ...mayImport].map((name) => `${library}/${name}`)),
    ...also,
  ]);

/** The folders of the library that know no sockets. */
const belowSockets = [
  ...[
    'address',
    'async',
    'bytes',
    'redact',
    'amf',
    'handshake',
    'chunk',
    'flv',
    'message',
    'session',
    'live',
  ],
];

/** What of the library works in a browser, and may be imported from everywhere. */
const inBrowser = [`${library}/address`, `${library}/async`, `${library}/redact`];

const frameGrid = 'packages/frame-grid/src';
const messages = 'packages/messages/src';

const rendererLaw = (folder, mayImport, also) =>
  law(`renderer-${folder}`, `renderer/src/${folder}`, [
    ...inside(...[folder, ...mayImport].map((name) => `renderer/src/${name}`)),
    ...also,
  ]);

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // The preload's half of Electron's own module has no file of its own; what the viewer page asks its server for is
      // found by viewer-libraries.ts.
      to: { couldNotResolve: true, pathNot: '^electron/renderer$|^/viewer/(hls|dash)\\.js$' },
    },

    libraryLaw('async', []),
    libraryLaw('bytes', []),
    libraryLaw('redact', []),
    libraryLaw('amf', ['bytes']),
    libraryLaw('handshake', ['bytes']),
    libraryLaw('chunk', ['bytes']),
    libraryLaw('flv', ['bytes', 'amf']),
    libraryLaw('live', ['async', 'bytes', 'flv']),
    libraryLaw('message', ['bytes', 'amf', 'chunk']),
    libraryLaw('session', ['bytes', 'redact', 'amf', 'handshake', 'chunk', 'flv', 'message']),
    libraryLaw('address', ['session']),
    libraryLaw('net', [...belowSockets], [builtin]),
    libraryLaw('client', [...belowSockets, 'net'], [builtin]),
    libraryLaw('server', [...belowSockets, 'net'], [builtin]),
    law('library', library, [...inside(library), builtin]),

    law('contract', 'packages/contract/src', [
      ...inside('packages/contract/src', ...inBrowser),
      packages('zod', '@orpc/contract'),
    ]),
    law('messages', 'packages/messages/src', [
      ...inside('packages/messages/src', 'packages/contract/src'),
      packages('i18next'),
    ]),
    law('frame-grid', frameGrid, inside(frameGrid)),
    law('engine', 'packages/engine/src', [
      ...inside('packages/engine/src', 'packages/contract/src', frameGrid, library),
      ...inside(`${messages}/pages`, `${messages}/server-config`),
      builtin,
      npm,
    ]),
    {
      name: 'engine-words',
      comment:
        'Sentences are made where they are shown: of the engine, its server has pages, and the configurations that it writes have comments.',
      severity: 'error',
      from: {
        path: '^packages/engine/src/',
        pathNot: '^packages/engine/src/(server|server-config)/|\\.test\\.ts$',
      },
      to: { path: `^${messages}/` },
    },
    {
      name: 'engine-broadcast',
      comment: 'A broadcast knows the faces of sources and outputs, and no kind of either.',
      severity: 'error',
      from: { path: '^packages/engine/src/broadcast/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/engine/src/(outputs/[^/]+/|sources/[^/]+/|profiles/|server/)' },
    },
    {
      name: 'engine-outputs-apart',
      severity: 'error',
      from: { path: '^packages/engine/src/outputs/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^packages/engine/src/outputs/[^/]+/',
        pathNot: '^packages/engine/src/outputs/$1/',
      },
    },
    {
      name: 'engine-sources',
      comment: 'What comes before the broadcast does not know it, nor what comes after it.',
      severity: 'error',
      from: { path: '^packages/engine/src/(sources|devices|ffmpeg)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/engine/src/(broadcast|outputs|profiles|server|window)/' },
    },
    {
      name: 'engine-devices',
      comment:
        'Listings are below the sources that open what they list; running ffmpeg is below both.',
      severity: 'error',
      from: { path: '^packages/engine/src/(devices|ffmpeg)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^packages/engine/src/sources/' },
    },
    {
      name: 'engine-window',
      comment: 'The engine works without a window; what answers one is on top.',
      severity: 'error',
      from: { path: '^packages/engine/src/', pathNot: '^packages/engine/src/window/' },
      to: { path: '^packages/engine/src/window/' },
    },
    {
      name: 'only-electron-imports-electron',
      severity: 'error',
      from: { pathNot: '^(electron|e2e)/' },
      to: { path: electron },
    },

    law('electron', 'electron', [
      ...inside('electron', 'packages/contract/src', 'packages/engine/src', messages, ...inBrowser),
      electron,
      builtin,
      npm,
    ]),
    law('cli', 'cli/src', [
      ...inside('cli/src', 'packages/contract/src', 'packages/engine/src', messages, library),
      builtin,
      npm,
    ]),

    law('renderer', 'renderer/src', [
      ...inside('renderer/src', 'packages/contract/src', messages, frameGrid, ...inBrowser),
      npm,
    ]),
    rendererLaw(
      'state',
      ['media'],
      [
        ...inside('packages/contract/src', messages, ...inBrowser),
        packages('zustand', '@orpc/contract'),
      ],
    ),
    {
      name: 'renderer-state-opens-nothing',
      comment: 'Stores hold what media are; opening and encoding them is for control.',
      severity: 'error',
      from: { path: '^renderer/src/state/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^renderer/src/media/', dependencyTypesNot: ['type-only'] },
    },
    rendererLaw(
      'control',
      ['state', 'media'],
      [...inside('packages/contract/src', messages, ...inBrowser), packages('react', 'zustand')],
    ),
    rendererLaw(
      'media',
      [],
      [
        ...inside('packages/contract/src', frameGrid, ...inBrowser),
        packages('mediabunny', '@mediabunny'),
      ],
    ),
    rendererLaw(
      'features',
      ['state', 'control', 'ui'],
      [
        ...inside('packages/contract/src', messages),
        packages('react', 'react-dom', 'zustand', 'lucide-react'),
      ],
    ),
    rendererLaw('ui', [], [packages('react', 'react-dom', 'lucide-react', 'uqr', 'uplot')]),
    {
      name: 'renderer-features-apart',
      severity: 'error',
      from: { path: '^renderer/src/features/([^/]+)/' },
      to: { path: '^renderer/src/features/', pathNot: '^renderer/src/features/$1/' },
    },
    {
      name: 'renderer-transport',
      comment: 'Only the composition root may choose the shell; types may be named anywhere.',
      severity: 'error',
      from: { path: '^renderer/src/(features|ui|media|state|control)/' },
      to: { path: '^renderer/src/transport/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|^out/|^packages/[^/]+/test/|^(cli|electron|renderer)/test/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css'],
    },
  },
};
