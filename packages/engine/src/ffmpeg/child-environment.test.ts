import { expect, it } from 'vitest';
import { childEnvironment } from './child-environment.js';

it('passes on what ffmpeg needs, and nothing that could be a secret', () => {
  const own = {
    PATH: '/bin',
    Path: 'C:\\',
    LC_ALL: 'C',
    XDG_RUNTIME_DIR: '/run',
    PULSE_SERVER: 'unix:x',
    STREAM_KEY: 'sk_1',
    MY_PATH: 'sk_2',
    NODE_OPTIONS: '--inspect',
    HOME: undefined,
  };
  expect(childEnvironment(own)).toEqual({
    AV_LOG_FORCE_NOCOLOR: '1',
    PATH: '/bin',
    Path: 'C:\\',
    LC_ALL: 'C',
    XDG_RUNTIME_DIR: '/run',
    PULSE_SERVER: 'unix:x',
  });
});
