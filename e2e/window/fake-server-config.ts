import { describeError, reason } from '@tallylight/contract';
import type { EngineClient } from '../../renderer/src/state/engine-client.js';

/** Knows one thing that can be wrong, and writes little. */
export const fakeServerConfig: EngineClient['serverConfig'] = {
  write: ({ rtmp, host, app, publishKey, hls, role }) => {
    if (!rtmp.includes(':')) {
      const data = { option: reason('this-field'), text: rtmp, example: '0.0.0.0:1935' };
      const error = describeError('INVALID_OPTION', { reason: reason('not-host-and-port', data) });
      return Promise.resolve({ type: 'refused', problems: [{ field: 'rtmp', error }] });
    }
    const isOpen = publishKey === '';
    const url = `rtmp://${host || 'SERVER'}:1935/${app}`;
    return Promise.resolve({
      type: 'written',
      text: `# HTTP\nhttp {\n    server {\n        listen 0.0.0.0:8080;\n    }\n}\n\nrtmp {\n    server {\n        listen ${rtmp};\n    }\n}\n`,
      ...{ holdsSecrets: !isOpen, isOpen },
      addresses: [
        { kind: 'publish', url: `${url}/NAME${isOpen ? '' : '?key=KEY'}` },
        { kind: 'rtmp', url: `${url}/NAME` },
        ...(hls
          ? [{ kind: 'hls' as const, url: `http://${host || 'SERVER'}:8080/hls/NAME.m3u8` }]
          : []),
        { kind: 'page', url: `http://${host || 'SERVER'}:8080/` },
      ],
      ...(host !== '' &&
        role !== 'edge' && {
          destination: { serverUrl: url, streamKey: isOpen ? 'show' : `show?key=${publishKey}` },
        }),
    });
  },
};
