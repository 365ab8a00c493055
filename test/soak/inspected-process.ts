import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { HeapCodeStatistics } from 'node:v8';
import { WebSocket } from 'ws';
import { withDeadline } from 'node-rtmp-client/async';
import { descendants } from '../support/processes.js';

/** What a process holds at a moment, garbage collected. */
export interface Holdings {
  /** Bytes. */
  readonly rss: number;
  readonly heapUsed: number;
  /** Of it, what V8 has compiled: more with every way that is taken for the hundredth time, whoever wrote it. */
  readonly code: number;
  /** The rest of it: what the program holds. */
  readonly objects: number;
  /** Outside the heap: mostly media. */
  readonly external: number;
  readonly descriptors: number;
  readonly children: number;
  /** What keeps it running, by kind: sockets, pipes, timers. */
  readonly resources: Readonly<Record<string, number>>;
}

const deadlineMs = 30_000;

const askedFor = `JSON.stringify({
  memory: process.memoryUsage(),
  code: process.getBuiltinModule('v8').getHeapCodeStatistics(),
  resources: process.getActiveResourcesInfo(),
})`;

/** A Node program as it is, looked into from outside by the inspector's protocol. Linux only. */
export class InspectedProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<number | null>;
  #inspector: WebSocket | undefined;
  #asked = 0;

  /** @param onLine gets each line that it writes, and where. */
  static async start(
    args: readonly string[],
    onLine: (line: string, from: 'stdout' | 'stderr') => void,
  ): Promise<InspectedProcess> {
    const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', ...args], { stdio: 'pipe' });
    const started = new InspectedProcess(child);
    const url = new Promise<string>((resolve) => {
      createInterface(child.stderr).on('line', (line) => {
        const [, found] = /^Debugger listening on (ws:\S+)/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
        onLine(line, 'stderr');
      });
    });
    createInterface(child.stdout).on('line', (line) => onLine(line, 'stdout'));
    await started.#connect(await inTime('the inspector', url));
    return started;
  }

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.child = child;
    this.ended = new Promise((resolve) => child.once('close', resolve));
    process.once('exit', () => child.kill('SIGKILL'));
  }

  async holdings(): Promise<Holdings> {
    const { pid = NaN } = this.child;
    await this.#ask('HeapProfiler.collectGarbage', {});
    const answer = (await this.#ask('Runtime.evaluate', { expression: askedFor })) as {
      result: { value: string };
    };
    const { memory, code, resources } = JSON.parse(answer.result.value) as {
      memory: NodeJS.MemoryUsage;
      code: HeapCodeStatistics;
      resources: string[];
    };
    const compiled = code.code_and_metadata_size + code.bytecode_and_metadata_size;
    const counts: Record<string, number> = {};
    for (const each of resources) counts[each] = (counts[each] ?? 0) + 1;
    return {
      ...{ rss: memory.rss, heapUsed: memory.heapUsed, external: memory.external },
      ...{ code: compiled, objects: memory.heapUsed - compiled },
      descriptors: (await readdir(`/proc/${pid}/fd`)).length,
      children: (await descendants(pid)).length,
      resources: counts,
    };
  }

  /** It waits for that before it exits. */
  closeInspector(): void {
    this.#inspector?.close();
  }

  async #connect(url: string): Promise<void> {
    this.#inspector = new WebSocket(url);
    await inTime('the inspector', once(this.#inspector, 'open'));
    await this.#ask('HeapProfiler.enable', {});
  }

  async #ask(method: string, params: object): Promise<unknown> {
    const inspector = this.#inspector;
    if (!inspector) throw new Error('there is no inspector');
    const id = (this.#asked += 1);
    const answered = new Promise((resolve, reject) => {
      const listen = (data: WebSocket.RawData): void => {
        const answer = JSON.parse((data as Buffer).toString()) as {
          id?: number;
          result?: unknown;
          error?: unknown;
        };
        if (answer.id !== id) return;
        inspector.off('message', listen);
        if (answer.error === undefined) resolve(answer.result);
        else reject(new Error(JSON.stringify(answer.error)));
      };
      inspector.on('message', listen);
    });
    inspector.send(JSON.stringify({ id, method, params }));
    return inTime(method, answered);
  }
}

const inTime = <T>(what: string, promise: Promise<T>): Promise<T> =>
  withDeadline(promise, deadlineMs, () => new Error(`waited ${deadlineMs} ms for ${what}`));
