import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppError, Reason } from '@tallylight/contract';
import { readTls } from './read-tls.js';

let folder = '';
const at = (name: string): string => join(folder, name);
const openssl = (...args: string[]): Promise<unknown> => promisify(execFile)('openssl', args);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallylight-tls-'));
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  for (const name of ['one', 'two']) {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)];
    await openssl('req', '-x509', ...curve, '-subj', '/CN=localhost', ...files);
  }
  const encrypted = ['-aes256', '-passout', 'pass:1234', '-out', at('locked.key')];
  await openssl('pkey', '-in', at('one.key'), ...encrypted);
  await openssl('x509', '-in', at('one.pem'), '-outform', 'DER', '-out', at('one.der'));
  await writeFile(at('text'), 'neither\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const refusal = (cert: string, key: string): Promise<Reason> =>
  readTls(at(cert), at(key)).then(
    () => expect.unreachable(),
    (error: unknown) => (error as AppError).info.data['reason'] as Reason,
  );

test('a certificate and its key are taken', async () => {
  expect(await readTls(at('one.pem'), at('one.key'))).toMatchObject({ cert: {}, key: {} });
});

test.each([
  { cert: 'one.key', key: 'one.pem', says: 'tls-swapped' },
  { cert: 'text', key: 'one.key', says: 'tls-no-certificate' },
  { cert: 'one.der', key: 'one.key', says: 'tls-no-certificate' },
  { cert: 'one.pem', key: 'text', says: 'tls-no-key' },
  { cert: 'one.pem', key: 'one.pem', says: 'tls-no-key' },
  { cert: 'one.pem', key: 'locked.key', says: 'tls-key-encrypted' },
  { cert: 'one.pem', key: 'two.key', says: 'tls-no-pair' },
  { cert: 'absent', key: 'one.key', says: 'file-not-read' },
])('$cert with $key: $says', async ({ cert, key, says }) => {
  expect((await refusal(cert, key)).reason).toBe(says);
});
