import type { BroadcastSnapshot } from '@tallylight/contract';
import { createMessages } from '@tallylight/messages';
import { cliCatalog } from '@tallylight/messages/cli';
import { expect, test } from 'vitest';
import { BitrateStory } from './bitrate-story.js';

const messages = createMessages('en', cliCatalog);

function snapshot(
  asked: number,
  loweredFor: string[],
  overruled: string[] = [],
): BroadcastSnapshot {
  const outputs = ['Twitch', 'Church'].map((name) => ({ type: 'rtmp', id: name, name }));
  const videoBitrate = { asked, limit: 2_500_000, adaptation: 'drop-slowest' as const };
  return {
    ...{ state: 'live', captureSteps: [], outputs: outputs as never },
    videoBitrate: { ...videoBitrate, loweredFor, overruled },
  };
}

test('that the picture is encoded with less is said once, and once that it no longer is', () => {
  const story = new BitrateStory();
  const said = [
    snapshot(2_500_000, []),
    snapshot(1_100_000, ['Twitch']),
    snapshot(900_000, ['Twitch']),
    snapshot(2_500_000, []),
    snapshot(2_500_000, [], ['Church']),
    snapshot(2_500_000, [], ['Church']),
  ].flatMap((each) => story.follow(each, messages).map(messages.wording));
  expect(said).toEqual([
    'The network to Twitch is slow: the picture is encoded at 1,100 of 2,500 kbit/s.',
    'The picture is encoded at 2,500 kbit/s again.',
    'The network to Church is far slower than the others: what it does not take is dropped there alone.',
  ]);
});
