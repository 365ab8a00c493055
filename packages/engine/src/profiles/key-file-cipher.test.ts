import { reason } from '@tallylight/contract';
import { english } from '../../../../test/support/english.js';
import { chmod, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyFileCipher } from './key-file-cipher.js';
import { createAesCipher } from './secret-cipher.js';

const onWindows = process.platform === 'win32';

describe('createKeyFileCipher', () => {
  let directory: string;
  const keyFile = (): string => join(directory, 'secret.key');
  const mode = async (): Promise<number> => (await stat(keyFile())).mode & 0o777;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tallylight-key-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('decrypts what it encrypted, also after a restart', async () => {
    const encrypted = await (await createKeyFileCipher(directory)).encrypt('schlüssel 🔑');
    expect(encrypted).toMatch(/^v1:key-file:/);
    expect(await (await createKeyFileCipher(directory)).decrypt(encrypted)).toBe('schlüssel 🔑');
  });

  it('never encrypts the same way twice', async () => {
    const cipher = await createKeyFileCipher(directory);
    expect(await cipher.encrypt('a')).not.toBe(await cipher.encrypt('a'));
  });

  it('says plainly that it is weaker', async () => {
    const cipher = await createKeyFileCipher(directory, reason('no-secret-store'));
    expect(cipher.protection).toEqual({ type: 'key-file', why: { reason: 'no-secret-store' } });
    const text = english.protection(cipher.protection);
    expect(text).toContain('there is no desktop session with a secret store');
    expect(text).toContain('weaker');
  });

  it.skipIf(onWindows)(
    'makes a file for its owner only, and narrows a mode that got wider',
    async () => {
      await createKeyFileCipher(directory);
      expect(await mode()).toBe(0o600);
      await chmod(keyFile(), 0o644);
      await createKeyFileCipher(directory);
      expect(await mode()).toBe(0o600);
    },
  );

  it.skipIf(onWindows)('does not follow a link to another file', async () => {
    const elsewhere = join(directory, 'elsewhere');
    await writeFile(elsewhere, 'x'.repeat(32));
    await symlink(elsewhere, keyFile());
    await expect(createKeyFileCipher(directory)).rejects.toThrow();
  });

  it('sets a file aside that is not a key, and says so', async () => {
    await writeFile(keyFile(), 'short', { mode: 0o600 });
    const cipher = await createKeyFileCipher(directory);
    const aside = (await readdir(directory)).find((name) => name.startsWith('secret.corrupt-'));
    expect(await readFile(join(directory, aside ?? ''), 'utf8')).toBe('short');
    expect(cipher.protection).toMatchObject({ setAside: aside });
    expect(english.protection(cipher.protection)).toContain(aside);
    expect(await cipher.decrypt(await cipher.encrypt('new'))).toBe('new');
  });

  it('gives two that start at once the same key', async () => {
    const ciphers = await Promise.all([
      createKeyFileCipher(directory),
      createKeyFileCipher(directory),
    ]);
    expect(await ciphers[1].decrypt(await ciphers[0].encrypt('same'))).toBe('same');
  });
});

describe('createAesCipher', () => {
  const cipher = (scheme: string, fill = 1) =>
    createAesCipher({
      protection: { type: 'system' },
      scheme,
      masterKey: new Uint8Array(32).fill(fill),
    });

  it('says which scheme it would have needed', async () => {
    const encrypted = await cipher('keyring').encrypt('a');
    await expect(cipher('key-file').decrypt(encrypted)).rejects.toMatchObject({
      reason: { reason: 'key-of-another-store', data: { scheme: 'keyring' } },
    });
    await expect(cipher('key-file').decrypt('whatever')).rejects.toMatchObject({
      reason: { reason: 'key-of-another-program' },
    });
  });

  it.each([
    ['another key', (text: string) => text, 2],
    ['a changed byte', (text: string) => `${text.slice(0, -6)}AAAA==`, 1],
    ['a short text', (text: string) => text.slice(0, 24), 1],
    ['no text', () => 'v1:keyring:', 1],
    ['a swapped scheme', (text: string) => text.replace('keyring', 'other'), 1],
  ])('refuses %s', async (_, change, fill) => {
    const changed = change(await cipher('keyring').encrypt('a stream key'));
    const scheme = changed.startsWith('v1:other') ? 'other' : 'keyring';
    await expect(cipher(scheme, fill).decrypt(changed)).rejects.toThrow(
      /^key-(damaged|of-another-machine)$/,
    );
  });
});
