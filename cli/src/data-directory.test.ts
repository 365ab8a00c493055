import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataDirectory } from './data-directory.js';

test('TALLYLIGHT_DATA_DIR decides, else the platform', () => {
  expect(dataDirectory({ TALLYLIGHT_DATA_DIR: '/x', XDG_CONFIG_HOME: '/y' }, 'linux', '/h')).toBe(
    '/x',
  );
  expect(dataDirectory({ XDG_CONFIG_HOME: '/y' }, 'linux', '/h')).toBe(
    join('/y', 'tallylight-cli'),
  );
  expect(dataDirectory({}, 'linux', '/h')).toBe(join('/h', '.config', 'tallylight-cli'));
  expect(dataDirectory({}, 'darwin', '/h')).toContain(join('Library', 'Application Support'));
  expect(dataDirectory({ APPDATA: '/a' }, 'win32', '/h')).toBe(join('/a', 'tallylight-cli'));
});
