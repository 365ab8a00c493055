/* global document, location */
// The player page: one stream and nothing else, for other pages to frame, and for the addresses of Flash players.
import { readOldAddress } from './old-address.js';
import { Stage } from './stage.js';
import { keyOf, watchStreams } from './streams.js';
import { canPlay } from './ways.js';
import { fill, words } from './words.js';

const parameters = new URLSearchParams(location.search);
const asked = readOldAddress(parameters, location);
const stage = new Stage(() => {
  document.title = stage.name ? fill(words.streamTitle, { stream: stage.name }) : words.title;
});

if (asked.type === 'stream') play(asked);
else if (asked.type === 'unnamed') stage.refuse(words.unnamed, words.unnamedHint);
else {
  const hint = asked.isRtmp ? words.elsewhereRtmpHint : words.elsewhereHint;
  stage.refuse(words.elsewhere, fill(hint, { host: asked.host, here: location.host }));
}

function play({ keys, way }) {
  const wish = parameters.get('way') ?? way;
  if (wish && canPlay(wish)) stage.player.choose(wish);
  if (/^(?:false|0|no)$/i.test(parameters.get('autostart') ?? '')) stage.player.hold();
  watchStreams(2000, ({ streams, serverGone, refusal }) => {
    // A stream whose name is the whole address comes before those that it may have meant.
    const stream = keys
      .map((key) => streams.find((one) => keyOf(one) === key))
      .find((one) => one !== undefined);
    stage.follow({ stream, name: stream ? keyOf(stream) : keys.at(-1), serverGone, refusal });
  });
}
