import { defineConfig } from 'vitest/config';
import { MatrixReporter } from './matrix-reporter.js';

const matrix = process.env['INTEROP_MATRIX'];
const resolve = { conditions: ['source', 'node', 'import', 'default'] };

// `npm run test:interop`. Apart from the other tests: it takes minutes, and programs that those do without.
export default defineConfig({
  resolve,
  ssr: { resolve },
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    reporters: ['verbose', ...(matrix === undefined ? [] : [new MatrixReporter(matrix)])],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
