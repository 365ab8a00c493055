import { describe, expect, test } from 'vitest';
import { createLogger } from './logger.js';

function capture(): { lines: string[]; destination: { write(line: string): void } } {
  const lines: string[] = [];
  return { lines, destination: { write: (line) => lines.push(line) } };
}

describe('createLogger', () => {
  test('redacts fields that are secret by name', () => {
    const { lines, destination } = capture();
    createLogger({ destination }).info(
      { streamKey: 'abc', profile: { key: 'def' }, shell: { rpc: { token: 'ghi' } } },
      'saved',
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      streamKey: '***',
      profile: { key: '***' },
      shell: { rpc: { token: '***' } },
      msg: 'saved',
    });
  });

  test('replaces a registered key in messages, errors, bindings and nested values', () => {
    const { lines, destination } = capture();
    const logger = createLogger({ destination });
    const child = logger.child({ url: 'rtmp://host/app/se"cr\\et-1' });
    child.addSecret('se"cr\\et-1');
    logger.addSecret('geheim?x=ü');
    child.error({ err: new Error('cannot reach rtmp://host/app/se"cr\\et-1') }, 'se"cr\\et-1 lost');
    logger.warn({ tried: [{ url: 'rtmp://host/app/geheim?x=%C3%BC' }, 'geheim'] }, 'plain');
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toMatch(/secr|cr\\|geheim/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: '*** lost',
      url: 'rtmp://host/app/***',
      err: { message: 'cannot reach rtmp://host/app/***' },
    });
    expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
  });

  test('keeps lines readable when a key looks like a number or a field name', () => {
    const { lines, destination } = capture();
    const logger = createLogger({ destination });
    logger.addSecret('1');
    logger.addSecret('time');
    logger.info({ port: 1111 }, 'at time 1: "time", "1"');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      port: 1111,
      msg: 'at time 1: "***", "***"',
    });
  });

  test('leaves words alone in which a short key happens to be', () => {
    const { lines, destination } = capture();
    const logger = createLogger({ destination });
    logger.addSecret('sh');
    logger.info('Publishing to /live/sh');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: 'Publishing to /live/***' });
  });

  test('says nothing below its level', () => {
    const { lines, destination } = capture();
    createLogger({ destination, level: 'warn' }).info('quiet');
    expect(lines).toEqual([]);
  });
});
