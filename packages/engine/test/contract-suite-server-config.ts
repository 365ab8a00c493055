import type { ServerConfigInput } from '@tallylight/contract';
import { describe, expect, it } from 'vitest';
import { failure, type ContractFixture } from './contract-fixture.js';

const wanted: ServerConfigInput = {
  ...{ engine: 'nginx', role: 'single', host: 'live.example.com', app: 'live' },
  ...{ rtmp: '0.0.0.0:1935', http: '0.0.0.0:8080', origin: '', originHttp: '' },
  ...{ hls: true, dash: false, stat: false, record: '', push: [], publishKey: 'k3y-of-mine' },
  ...{ workFolder: '/var/lib', language: 'en' },
};

/** Configurations of other servers, as a window asks for them. What is in them is shown elsewhere. */
export function serverConfigTests(current: () => ContractFixture): void {
  describe('the configuration of another server', () => {
    it('is written with where to go, and its key is told to nobody else', async () => {
      const { engine, window } = current();
      const answer = await window.client.serverConfig.write(wanted);
      expect(answer).toMatchObject({
        ...{ type: 'written', holdsSecrets: true, isOpen: false },
        destination: { serverUrl: 'rtmp://live.example.com:1935/live' },
      });
      expect(answer.type === 'written' && answer.text).toContain('k3y-of-mine');
      expect(engine.log).not.toContain('k3y-of-mine');
    });

    it('is refused with what is wrong, field by field', async () => {
      const { serverConfig } = current().window.client;
      const answer = await serverConfig.write({
        ...wanted,
        rtmp: 'nowhere',
        push: ['', 'http://a/'],
      });
      const problems = answer.type === 'refused' ? answer.problems : [];
      expect(problems.map(({ field, index }) => [field, index])).toEqual([
        ['rtmp', undefined],
        ['push', 1],
      ]);
    });

    it('is not even looked at where it cannot be one', async () => {
      const { serverConfig } = current().window.client;
      const rtmp = 'x'.repeat(5000);
      expect(await failure(serverConfig.write({ ...wanted, rtmp }))).toMatchObject({
        code: 'INVALID_OPTION',
      });
    });
  });
}
