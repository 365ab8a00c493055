import type { ServerConfigAnswer, ServerConfigInput } from '@tallylight/contract';
import { expect, test } from 'vitest';
import { cliChinese, cliEnglish } from '../../../../test/support/cli-messages.js';
import { writeServerConfig } from './write-server-config.js';

const asked = (more: Partial<ServerConfigInput> = {}): ServerConfigInput => ({
  ...{ engine: 'nginx', role: 'single', host: '', app: 'live', origin: '', originHttp: '' },
  ...{ rtmp: '0.0.0.0:1935', http: '0.0.0.0:8080', hls: false, dash: false, stat: false },
  ...{ record: '', push: [], publishKey: '', workFolder: '/var/lib', language: 'en' },
  ...more,
});

function written(more?: Partial<ServerConfigInput>) {
  const answer = writeServerConfig(asked(more));
  if (answer.type !== 'written') throw new Error(JSON.stringify(answer));
  return answer;
}

/** What is said beside each field. */
const said = (answer: ServerConfigAnswer, messages = cliEnglish): (readonly unknown[])[] =>
  answer.type === 'written'
    ? []
    : answer.problems.map(({ field, index, error }) => [
        ...[field, ...(index === undefined ? [] : [index])],
        messages.error(error).message,
      ]);

test('what is not wanted is not in the file, and nobody is told a name that is not known', () => {
  const { text, addresses, destination, holdsSecrets, isOpen } = written();
  expect(text).not.toMatch(/^\s*(hls|dash|record|push|on_publish) /m);
  expect(addresses).toEqual([
    { kind: 'publish', url: 'rtmp://SERVER:1935/live/NAME' },
    { kind: 'rtmp', url: 'rtmp://SERVER:1935/live/NAME' },
    { kind: 'page', url: 'http://SERVER:8080/' },
  ]);
  expect({ destination, holdsSecrets, isOpen }).toEqual({
    ...{ destination: undefined, holdsSecrets: false, isOpen: true },
  });
});

test('the name of the server is in every address, the key in the file and the destination alone', () => {
  const key = 'k3y & more';
  const wanted = { host: '2001:db8::1', publishKey: key, hls: true, dash: true, stat: true };
  const { text, addresses, destination, holdsSecrets, isOpen } = written(wanted);
  expect(text).toContain('k3y%20%26%20more');
  expect(text).not.toContain('SERVER');
  expect(text).not.toContain('environment variable');
  expect(JSON.stringify(addresses)).not.toContain('k3y');
  expect(addresses.map(({ url }) => url)).toEqual([
    'rtmp://[2001:db8::1]:1935/live/NAME?key=KEY',
    'rtmp://[2001:db8::1]:1935/live/NAME',
    'http://[2001:db8::1]:8080/hls/NAME.m3u8',
    'http://[2001:db8::1]:8080/dash/NAME.mpd',
    'http://[2001:db8::1]:8080/',
    'http://[2001:db8::1]:8080/stat',
  ]);
  expect(destination).toEqual({
    serverUrl: 'rtmp://[2001:db8::1]:1935/live',
    streamKey: 'show?key=k3y%20%26%20more',
  });
  expect({ holdsSecrets, isOpen }).toEqual({ holdsSecrets: true, isOpen: false });
});

test('everything that is wrong is said at once, each beside its field, in both languages', () => {
  const wrong = asked({
    ...{ host: 'a b', rtmp: '1935', http: '0.0.0.0:0', app: 'a/b', record: 'recordings' },
    ...{ push: ['', 'rtmps://a/b/k3y', 'rtmp://a/b'], publishKey: 'k3y\n', workFolder: '/$HOME' },
  });
  expect(said(writeServerConfig(wrong))).toEqual([
    ['app', 'This field takes a name of letters, digits, ".", "_" and "-", not "a/b".'],
    ['rtmp', 'This field takes HOST:PORT such as 0.0.0.0:1935, not "1935".'],
    ['http', expect.stringMatching(/^This field needs a port from 1 to 65535/)],
    ['host', expect.stringMatching(/^This field takes a name or an address such as/)],
    ['record', 'This field takes a whole path, such as /srv/recordings.'],
    ['push', 1, expect.stringMatching(/^nginx cannot push by rtmps/)],
    ['publishKey', expect.stringMatching(/^This field holds an invisible/)],
    ['workFolder', 'This field holds "$", which cannot be written into the configuration.'],
  ]);
  const chinese = said(writeServerConfig(wrong), cliChinese);
  expect(chinese[4]).toEqual(['record', '这里要写完整的路径，例如 /srv/recordings。']);
  expect(JSON.stringify(writeServerConfig(wrong))).not.toContain('k3y');
});

test('two listeners need two ports, and an edge an origin', () => {
  expect(said(writeServerConfig(asked({ http: '0.0.0.0:1935' })))).toEqual([
    ['http', 'This field cannot have the same port as the RTMP address.'],
  ]);
  expect(said(writeServerConfig(asked({ role: 'edge' })))).toEqual([
    [
      'origin',
      'This field takes the RTMP address of the origin, HOST:PORT: an edge fetches from there.',
    ],
  ]);
});

test('an edge is published to by nobody, and SRS is written by its own rules', () => {
  const edge = written({ role: 'edge', origin: '192.0.2.1:1935', host: 'edge.example' });
  expect(edge.destination).toBeUndefined();
  expect(edge.isOpen).toBe(false);
  expect(edge.addresses.map(({ kind }) => kind)).toEqual(['rtmp', 'page']);
  const srs = written({ engine: 'srs', host: 'live.example', language: 'zh-CN' });
  expect(srs.text).toContain('vhost __defaultVhost__');
  expect(srs.text).toMatch(/\p{Script=Han}/u);
  expect(srs.destination).toEqual({
    ...{ serverUrl: 'rtmp://live.example:1935/live', streamKey: 'show' },
  });
});
