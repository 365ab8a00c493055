/* global addEventListener, document, history, location, setInterval */
// The viewer page: lists what is live, with a picture of each, and plays one stream.
import { EmbedCode } from './embed-code.js';
import { Stage, show } from './stage.js';
import { StreamList } from './stream-list.js';
import { keyOf, watchStreams } from './streams.js';
import { automatic, canPlay, rememberedWay, rememberWay, ways } from './ways.js';
import { fill, inTenths, words } from './words.js';

const byId = (id) => document.getElementById(id);
const lamp = byId('lamp');
const latency = byId('latency');
const way = byId('way');

/** What the viewer asked for: `app/name`, from the fragment or a click. Absent: whatever is live. */
let wanted = fromFragment();
let found = { streams: [], serverGone: false };

const stage = new Stage(renderAround);
const embedCode = new EmbedCode();
const list = new StreamList((key) => {
  wanted = key;
  history.replaceState(undefined, '', `#${encodeURIComponent(key)}`);
  stage.player.resume();
  follow();
});

function fromFragment() {
  try {
    return decodeURIComponent(location.hash.slice(1)) || undefined;
  } catch {
    return undefined;
  }
}

/** What plays goes on, until something else is asked for or it ends. */
function chosen() {
  const { streams } = found;
  if (wanted) return streams.find((stream) => keyOf(stream) === wanted);
  const { stream: played } = stage.player;
  return streams.find((stream) => played && keyOf(stream) === keyOf(played)) ?? streams[0];
}

function follow() {
  const stream = chosen();
  const name = wanted ?? (stream && keyOf(stream));
  stage.follow({ ...found, stream, name });
  list.render(found.streams, stage.name);
}

function renderAround() {
  const { state, name } = stage;
  lamp.dataset.state = state;
  document.title = name ? fill(words.streamTitle, { stream: name }) : words.title;
  embedCode.render(name, stage.token);
  renderLatency();
}

/** Once a second: a figure that flickers cannot be read. */
function renderLatency() {
  const { isPaused, latency: seconds, stream } = stage.player;
  const behind = stream?.video ? words.behind : words.behindSound;
  latency.hidden = seconds === undefined;
  if (isPaused) show(latency, words.paused);
  else if (seconds !== undefined) show(latency, fill(behind, { seconds: inTenths(seconds) }));
}

const nameOf = (one) => way.querySelector(`[value="${one}"]`).textContent;
way.querySelector('[value="auto"]').textContent = automatic[0]
  ? fill(words.automatic, { way: nameOf(automatic[0]) })
  : words.automaticNone;
for (const one of ways.filter((each) => !canPlay(each))) {
  way.querySelector(`[value="${one}"]`).disabled = true;
}
way.value = rememberedWay();
stage.player.choose(way.value);
way.addEventListener('change', () => {
  rememberWay(way.value);
  stage.player.choose(way.value);
  stage.player.resume();
});

const askNow = watchStreams(1000, (now) => {
  found = now;
  follow();
});
setInterval(renderLatency, 1000);
addEventListener('hashchange', () => {
  wanted = fromFragment();
  askNow();
});
