import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe } from 'vitest';
import type { ContractFixture, OpenTransport } from './contract-fixture.js';
import { broadcastTests, outputTests } from './contract-suite-broadcast.js';
import { channelTests } from './contract-suite-channel.js';
import { monitorTests } from './contract-suite-monitor.js';
import { procedureTests } from './contract-suite-procedures.js';
import { recordingTests } from './contract-suite-recordings.js';
import { serverConfigTests } from './contract-suite-server-config.js';
import { serverTests } from './contract-suite-server.js';
import { TestEngine } from './test-engine.js';

/** What every transport between a window and an engine must do; run over each of them. */
export function contractSuite(name: string, openTransport: OpenTransport): void {
  describe(`the contract over ${name}`, () => {
    let fixture: ContractFixture | undefined;
    const current = (): ContractFixture => {
      if (!fixture) throw new Error('only a test may ask for its fixture');
      return fixture;
    };

    beforeEach(async () => {
      const directory = await mkdtemp(join(tmpdir(), 'tallylight-contract-'));
      const engine = await TestEngine.open(directory);
      const transport = await openTransport(engine);
      fixture = { directory, engine, transport, window: await transport.connect() };
    });

    afterEach(async () => {
      const { directory, engine, transport, window } = current();
      await engine.close();
      window.disconnect();
      await transport.close();
      await rm(directory, { recursive: true, force: true });
    });

    procedureTests(current);
    broadcastTests(current);
    outputTests(current);
    channelTests(current);
    serverTests(current);
    monitorTests(current);
    serverConfigTests(current);
    recordingTests(current);
  });
}
