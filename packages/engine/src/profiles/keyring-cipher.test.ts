import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createKeyringCipher } from './keyring-cipher.js';
import { openSecretCipher } from './open-secret-cipher.js';

/** A stand-in for @napi-rs/keyring that keeps its entries in a folder, as a secret store keeps them. */
const store = (directory: string): string => `
const fs = require('node:fs');
exports.Entry = class {
  constructor(service, name, options) {
    if (process.platform === 'linux' && options.linux.store !== 'secret-service') throw new Error();
    this.path = ${JSON.stringify(directory)} + '/' + service + '-' + name;
  }
  setPassword(text) { fs.writeFileSync(this.path, text); }
  getPassword() { return fs.existsSync(this.path) ? fs.readFileSync(this.path, 'utf8') : null; }
  deletePassword() { fs.rmSync(this.path); }
};`;

describe('createKeyringCipher', () => {
  let dataDirectory: string;
  let entries: string;
  const open = async (source: string, deadlineMs?: number) => {
    const modulePath = join(dataDirectory, 'store.cjs');
    await writeFile(modulePath, source);
    return createKeyringCipher({ dataDirectory, modulePath, ...(deadlineMs && { deadlineMs }) });
  };

  beforeEach(async () => {
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nowhere');
    dataDirectory = await mkdtemp(join(tmpdir(), 'tallylight-keyring-'));
    entries = await mkdtemp(join(tmpdir(), 'tallylight-entries-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(dataDirectory, { recursive: true, force: true });
    await rm(entries, { recursive: true, force: true });
  });

  it('keeps one master key in the store, and leaves no trial entry behind', async () => {
    const encrypted = await (await open(store(entries))).encrypt('a stream key');
    expect(encrypted).toMatch(/^v1:keyring:/);
    const again = await open(store(entries));
    expect(again.protection).toEqual({ type: 'system' });
    expect(await again.decrypt(encrypted)).toBe('a stream key');
    expect(await readdir(entries)).toEqual(['Tallylight-master-key']);
    expect(await readFile(join(entries, 'Tallylight-master-key'), 'utf8')).toMatch(
      /^[0-9a-f]{64}$/,
    );
  });

  it('does not trust a store that forgets', async () => {
    const forgetful = store(entries).replace(/setPassword\(text\) {.*}/, 'setPassword() {}');
    await expect(open(forgetful)).rejects.toThrow('secret-store-broken');
  });

  it('does not trust an entry that is not a key', async () => {
    await writeFile(join(entries, 'Tallylight-master-key'), 'hunter2');
    await expect(open(store(entries))).rejects.toThrow('foreign-entry');
  });

  it('gives up on a store that hangs', async () => {
    const hanging = 'exports.Entry = class { setPassword() { for (;;); } };';
    await expect(open(hanging, 1000)).rejects.toThrow('secret-store-silent');
  });

  it.runIf(process.platform === 'linux')(
    'looks for no store where there is no session',
    async () => {
      vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', '');
      vi.stubEnv('XDG_RUNTIME_DIR', dataDirectory);
      await expect(open(store(entries))).rejects.toMatchObject({
        reason: { reason: 'no-secret-store' },
      });
    },
  );

  it.runIf(process.platform === 'linux')('gives way to a key file, which says why', async () => {
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', '');
    vi.stubEnv('XDG_RUNTIME_DIR', dataDirectory);
    const cipher = await openSecretCipher(dataDirectory, {});
    expect(cipher.protection).toEqual({ type: 'key-file', why: { reason: 'no-secret-store' } });
  });

  it('is not asked when a key file is wanted', async () => {
    const cipher = await openSecretCipher(dataDirectory, { TALLYLIGHT_SECRETS: 'key-file' });
    expect(cipher.protection).toEqual({ type: 'key-file', why: { reason: 'asked-for' } });
  });
});
