import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { format } from 'prettier';
import type { Reporter, TestModule } from 'vitest/node';
import type { MatrixRow } from './matrix.js';

const versionOf = (command: string, args: readonly string[], pattern: RegExp): string => {
  try {
    const output = execFileSync(command, args, { encoding: 'utf8', timeout: 20_000 });
    return pattern.exec(output)?.[1] ?? 'unknown';
  } catch {
    return 'not there';
  }
};

const packageVersion = (name: string): string =>
  versionOf('dpkg-query', ['-W', '-f', '${Version}', name], /^(?:\d+:)?(\S+)/);

function peers(): string[] {
  const require = createRequire(import.meta.url);
  const { version } = require('node-media-server/package.json') as { version: string };
  return [
    `Node ${process.version}`,
    `nginx-rtmp ${packageVersion('libnginx-mod-rtmp')}`,
    `node-media-server ${version}`,
    `ffmpeg ${versionOf('ffmpeg', ['-version'], /^ffmpeg version (\S+)/)}`,
    `GStreamer ${versionOf('gst-launch-1.0', ['--version'], /GStreamer (\S+)/)}`,
    `rtmpdump and librtmp ${packageVersion('librtmp1')}`,
    `OBS Studio ${packageVersion('obs-studio')}`,
  ];
}

const introduction = `# Interoperability

Written by \`npm run test:interop\`; do not edit. Each line is one run: a file is published as fast as the peers take it,
and what the player wrote is read and decoded by ffprobe. It must decode without complaint, with as many frames as were
sent, the same payload bytes in the same order, and decode times that rise; where a line asks for less, its note says why.
`;

/** Writes the table that docs/measurements/interop.md is, of all that was tried. */
export class MatrixReporter implements Reporter {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const lines = modules
      .flatMap((module) => [...module.children.allTests()])
      .flatMap((test) => {
        const row = test.meta().interop;
        if (row === undefined) return [];
        const result = test.result();
        switch (result.state) {
          case 'passed':
            return [line(row, row.result ?? 'passed')];
          case 'failed':
            return [line(row, `**failed**: ${result.errors[0]?.message ?? 'unknown'}`)];
          default:
            return [line(row, `not tried: ${'note' in result ? result.note : result.state}`)];
        }
      });
    const text = [
      introduction,
      `${new Date().toISOString().slice(0, 10)}, with ${peers().join(', ')}.`,
      '',
      '| publishes | serves | plays | media | result | note |',
      '| --- | --- | --- | --- | --- | --- |',
      ...lines,
    ];
    writeFileSync(
      this.#file,
      await format(text.join('\n'), { parser: 'markdown', printWidth: 120 }),
    );
  }
}

const cell = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 400);

const line = ({ publishes, serves, plays, media, note }: MatrixRow, result: string): string =>
  `| ${[publishes, serves, plays, media, result, note].map(cell).join(' | ')} |`;
