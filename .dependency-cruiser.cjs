/**
 * The import law of ARCHITECTURE.md. Everything that is not listed is forbidden.
 * `scripts/check.mjs` runs it; `test/import-law.test.ts` plants violations and expects them to be found.
 */
const self = (folder) => `^${folder}/`;
const builtin = '^node:';
const npm = '(^|/)node_modules/';

/** @param {string} from @param {string[]} allowed */
const only = (name, from, allowed, comment, except) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: ['\\.test\\.tsx?$', ...(except ?? [])] },
  to: { pathNot: allowed },
});

const library = 'packages/node-rtmp-client/src';
const inLibrary = (name, folder, mayImport) =>
  only(
    `library-${name}`,
    self(`${library}/${folder}`),
    [folder, ...mayImport]
      .map((f) => self(`${library}/${f}`))
      .concat(
        self(`${library}/[^/]+\\.ts$`).replace('/$', '$'),
        folder === 'net' ? builtin : self('$^'),
      ),
    'Inside the library: bytes <- {amf, handshake, chunk, flv}; {amf, chunk} <- message; {message, handshake} <- session <- net.',
  );

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    only('library', self(library), [self(library), builtin], 'The library has no dependencies.'),
    inLibrary('bytes', 'bytes', []),
    inLibrary('amf', 'amf', ['bytes']),
    inLibrary('handshake', 'handshake', ['bytes']),
    inLibrary('chunk', 'chunk', ['bytes']),
    inLibrary('flv', 'flv', ['bytes', 'amf']),
    inLibrary('message', 'message', ['bytes', 'amf', 'chunk']),
    inLibrary('session', 'session', ['bytes', 'amf', 'chunk', 'message', 'handshake', 'flv']),
    inLibrary('net', 'net', ['bytes', 'amf', 'chunk', 'message', 'handshake', 'flv', 'session']),
    only(
      'contract',
      self('packages/contract/src'),
      [self('packages/contract/src'), 'node_modules/(zod|@orpc/contract)/'],
      'The contract knows only its schema library.',
    ),
    only(
      'engine',
      self('packages/engine/src'),
      [
        self('packages/engine/src'),
        self('packages/contract/'),
        self('packages/node-rtmp-client/'),
        builtin,
        npm,
      ],
      'The engine knows nothing of Electron or of the shells.',
    ),
    {
      name: 'engine-no-electron',
      severity: 'error',
      from: { path: '^(packages|cli|renderer)/' },
      to: { path: '(^|/)(node_modules/)?electron(/|$)' },
    },
    only(
      'electron',
      self('electron'),
      [self('electron'), self('packages/(contract|engine)/'), builtin, npm],
      'Composition root 1.',
    ),
    only(
      'cli',
      self('cli/src'),
      [self('cli/src'), self('packages/'), builtin, npm],
      'Composition root 2.',
    ),
    only(
      'renderer',
      self('renderer/src'),
      [self('renderer/src'), self('packages/contract/'), npm],
      'The renderer runs in a browser.',
    ),
    {
      name: 'renderer-no-node',
      severity: 'error',
      from: { path: '^renderer/src/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'features-apart',
      comment: 'A feature may not import another.',
      severity: 'error',
      from: { path: '^renderer/src/features/([^/]+)/' },
      to: { path: '^renderer/src/features/', pathNot: '^renderer/src/features/$1/' },
    },
    only(
      'features',
      self('renderer/src/features'),
      [
        self('renderer/src/(features|state|media|ui)'),
        self('packages/contract/'),
        'node_modules/(react|react-dom|zustand|lucide-react)/',
      ],
      'A feature uses state, media and ui.',
    ),
    only(
      'ui',
      self('renderer/src/ui'),
      [self('renderer/src/ui'), 'node_modules/(react|react-dom|lucide-react)/'],
      'Dumb components: React only.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(/dist/|^out/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tests.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css'],
    },
  },
};
