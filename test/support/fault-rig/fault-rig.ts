import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { wait, withDeadline } from 'node-rtmp-client/async';
import { Random } from '../../../packages/node-rtmp-client/fuzz/random.js';
import {
  directions,
  forDirection,
  planFaults,
  type Direction,
  type Faults,
  type FaultScript,
} from './faults.js';
import type { LaneConditions, LaneEnd } from './lane.js';
import { RiggedConnection, type Side } from './rigged-connection.js';

export interface FaultRigOptions {
  /** The server behind it. */
  readonly to: { readonly host?: string; readonly port: number };
  /** Where it listens; a free port of 127.0.0.1 where absent. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** The same seed gives the same jitter and the same moments. */
  readonly seed?: number;
  /** What is held for each direction of a connection, in bytes, what is under way included. */
  readonly bufferBytes?: number;
  /** How the way is at the beginning. */
  readonly faults?: Faults;
  /** Sees all that passes. The log does not: keys are in there. */
  readonly onBytes?: (connection: number, direction: Direction, bytes: Buffer) => void;
}

/** What happened; no payload. Connections are counted from 1, bytes are those that have passed. */
export type RigEvent = { readonly atMs: number } & (
  | { readonly type: 'listening'; readonly port: number; readonly seed: number }
  | { readonly type: 'faults'; readonly faults: Faults }
  | { readonly type: 'connected'; readonly connection: number }
  | { readonly type: 'reached'; readonly connection: number }
  | { readonly type: 'unreached'; readonly connection: number; readonly code: string }
  | {
      readonly type: 'corrupted';
      readonly connection: number;
      readonly direction: Direction;
      readonly offset: number;
    }
  | {
      readonly type: 'closed';
      readonly connection: number;
      readonly by: Side;
      readonly how: LaneEnd;
      readonly up: number;
      readonly down: number;
    }
);

type RigEventData = RigEvent extends infer E
  ? E extends RigEvent
    ? Omit<E, 'atMs'>
    : never
  : never;

interface Corruption {
  readonly direction: Direction;
  readonly offset: number | undefined;
}

/** The newest entries of the log that are kept. */
const logEntries = 10_000;
const free: LaneConditions = { rate: Infinity, latencyMs: 0, jitterMs: 0, isShut: false };

/** A TCP proxy between a client and a server that does what bad networks do. */
export class FaultRig {
  readonly #o: FaultRigOptions;
  readonly #seed: number;
  readonly #startedAt = performance.now();
  readonly #connections = new Map<number, RiggedConnection>();
  readonly #log: RigEvent[] = [];
  readonly #listeners = new Set<(event: RigEvent) => void>();
  readonly #stopped = new AbortController();
  #count = 0;
  #server: Server | undefined;
  #address: AddressInfo | undefined;
  #link: NonNullable<Faults['link']> = 'up';
  #stall: NonNullable<Faults['stall']> = 'none';
  #lines: Record<Direction, LaneConditions> = { up: free, down: free };
  #acceptDelayMs = 0;
  #corruptions: Corruption[] = [];
  readonly #waitForLink: (() => void)[] = [];

  static async start(options: FaultRigOptions): Promise<FaultRig> {
    const rig = new FaultRig(options);
    await rig.#listen();
    rig.#note({ type: 'listening', port: rig.port, seed: rig.#seed });
    if (options.faults) await rig.apply(options.faults);
    return rig;
  }

  private constructor(options: FaultRigOptions) {
    this.#o = options;
    this.#seed = options.seed ?? Math.floor(Math.random() * 2 ** 31);
  }

  get port(): number {
    return this.#address?.port ?? NaN;
  }

  get log(): readonly RigEvent[] {
    return this.#log;
  }

  /** Milliseconds since it began, as in the log. */
  get nowMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  /** Bytes of a direction that have passed, and that are held, over the connections that are open. */
  bytes(direction: Direction): { readonly passed: number; readonly held: number } {
    const all = [...this.#connections.values()];
    const sum = (values: readonly number[]): number =>
      values.reduce((total, each) => total + each, 0);
    return {
      passed: sum(all.map((each) => each.passed(direction))),
      held: sum(all.map((each) => each.held(direction))),
    };
  }

  /** Calls `listener` with each event from now on. Returns what ends that. */
  onEvent(listener: (event: RigEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The next event of a kind from now on. */
  next<T extends RigEvent['type']>(
    type: T,
    deadlineMs = 60_000,
  ): Promise<Extract<RigEvent, { type: T }>> {
    let ignore = (): void => undefined;
    const found = new Promise<Extract<RigEvent, { type: T }>>((resolve) => {
      ignore = this.onEvent((event) => {
        if (event.type === type) resolve(event as Extract<RigEvent, { type: T }>);
      });
    });
    const late = (): Error => new Error(`the rig waited ${deadlineMs} ms for ${type}`);
    return withDeadline(found, deadlineMs, late).finally(ignore);
  }

  /** Nothing passes, connections stay, and new ones wait. */
  cut(): Promise<void> {
    return this.apply({ link: 'cut' });
  }

  /** Nothing passes, connections stay, and new ones are refused. */
  refuse(): Promise<void> {
    return this.apply({ link: 'refused' });
  }

  /** The link is up again. */
  restore(): Promise<void> {
    return this.apply({ link: 'up' });
  }

  reset(): Promise<void> {
    return this.apply({ reset: true });
  }

  halfOpen(): Promise<void> {
    return this.apply({ halfOpen: true });
  }

  stall(direction: NonNullable<Faults['stall']> = 'both'): Promise<void> {
    return this.apply({ stall: direction });
  }

  /** Resolves when they are in force. */
  async apply(faults: Faults): Promise<void> {
    const { link, stall, acceptDelay, corrupt, reset, halfOpen } = faults;
    if (link !== undefined) await this.#setLink(link);
    if (stall !== undefined) this.#stall = stall;
    if (acceptDelay !== undefined) this.#acceptDelayMs = acceptDelay;
    if (corrupt) this.#corruptions.push({ offset: undefined, ...corrupt });
    for (const direction of directions) {
      const line = this.#lines[direction];
      const rate = forDirection(faults.rate, direction) ?? line.rate;
      this.#lines[direction] = {
        ...line,
        rate: rate === 'unlimited' ? Infinity : rate,
        latencyMs: forDirection(faults.latency, direction) ?? line.latencyMs,
        jitterMs: forDirection(faults.jitter, direction) ?? line.jitterMs,
      };
    }
    this.#note({ type: 'faults', faults });
    for (const connection of this.#connections.values()) {
      if (reset) connection.reset();
      else if (halfOpen) connection.halfOpen(halfOpen === 'both');
      else connection.refresh();
    }
  }

  /** Resolves when the last step is in force, or the rig has been stopped. */
  async play(script: FaultScript): Promise<void> {
    const startedAt = performance.now();
    for (const { atMs, faults } of planFaults(script, this.#random(0))) {
      const aheadMs = startedAt + atMs - performance.now();
      if (aheadMs > 0) await wait(aheadMs, this.#stopped.signal);
      if (this.#stopped.signal.aborted) return;
      await this.apply(faults);
    }
  }

  /** Ends all connections, and listens no more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    const closed = this.#close();
    for (const connection of this.#connections.values()) connection.destroy();
    for (const letGo of this.#waitForLink.splice(0)) letGo();
    await closed;
  }

  async #setLink(link: NonNullable<Faults['link']>): Promise<void> {
    if (link === 'refused') void this.#close();
    else await this.#listen();
    this.#link = link;
    if (link === 'up') for (const letGo of this.#waitForLink.splice(0)) letGo();
  }

  async #listen(): Promise<void> {
    if (this.#server || this.#stopped.signal.aborted) return;
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
      this.#connect(socket),
    );
    this.#server = server;
    const { host, port } = this.#o.listen ?? { host: '127.0.0.1', port: 0 };
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // After a refusal it is where it was.
      server.listen({ host, port: this.#address?.port ?? port }, resolve);
    });
    this.#address = server.address() as AddressInfo;
  }

  /** Resolves when nobody is connected any more; new ones are refused at once. */
  async #close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #connect(client: Socket): void {
    this.#count += 1;
    const connection = this.#count;
    this.#note({ type: 'connected', connection });
    const { to, bufferBytes = 256 * 1024 } = this.#o;
    const rigged: RiggedConnection = new RiggedConnection({
      ...{ client, bufferBytes, to: { host: '127.0.0.1', ...to } },
      acceptDelayMs: this.#acceptDelayMs,
      isOpen: () => this.#whenUp(),
      conditions: (direction) => this.#conditions(direction),
      random: this.#random(connection),
      onPass: (direction, bytes, offset) => this.#pass(connection, direction, bytes, offset),
      onReached: () => this.#note({ type: 'reached', connection }),
      onUnreached: (code) => this.#note({ type: 'unreached', connection, code }),
      onClosed: (by, how) => {
        const [up, down] = [rigged.passed('up'), rigged.passed('down')];
        this.#connections.delete(connection);
        this.#note({ type: 'closed', connection, by, how, up, down });
      },
    });
    this.#connections.set(connection, rigged);
  }

  #whenUp(): Promise<void> {
    if (this.#link === 'up') return Promise.resolve();
    return new Promise((resolve) => this.#waitForLink.push(resolve));
  }

  #conditions(direction: Direction): LaneConditions {
    const isStalled = this.#stall === 'both' || this.#stall === direction;
    return { ...this.#lines[direction], isShut: this.#link !== 'up' || isStalled };
  }

  #pass(connection: number, direction: Direction, bytes: Buffer, offset: number): Buffer {
    const passed = this.#corrupted(connection, direction, bytes, offset);
    this.#o.onBytes?.(connection, direction, passed);
    return passed;
  }

  #corrupted(connection: number, direction: Direction, bytes: Buffer, offset: number): Buffer {
    const isHere = ({ direction: where, offset: at = offset }: Corruption): boolean =>
      where === direction && at >= offset && at < offset + bytes.length;
    const here = this.#corruptions.filter(isHere);
    if (here.length === 0) return bytes;
    this.#corruptions = this.#corruptions.filter((each) => !isHere(each));
    const changed = Buffer.from(bytes);
    for (const { offset: at = offset } of here) {
      changed[at - offset] = (bytes[at - offset] ?? 0) ^ 0xff;
      this.#note({ type: 'corrupted', connection, direction, offset: at });
    }
    return changed;
  }

  /** Of its own for each connection: how others go does not change its chances. */
  #random(connection: number): () => number {
    const random = new Random(this.#seed + connection * 7_919);
    return () => random.below(1_000_001) / 1_000_000;
  }

  #note(data: RigEventData): void {
    const event: RigEvent = { atMs: this.nowMs, ...data };
    this.#log.push(event);
    if (this.#log.length > logEntries) this.#log.shift();
    for (const listener of this.#listeners) listener(event);
  }
}
