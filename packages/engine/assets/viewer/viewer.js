/* global addEventListener, document, fetch, location, history, mpegts, setInterval */
// The viewer page: lists what is live, plays one stream, and finds it again when it comes back.

const listEveryMs = 1000;
/** A player that shows nothing new for this long is started afresh. */
const stalledMs = 8000;
/** After a failure to play, this long until the next try. */
const retryMs = 1500;

const byId = (id) => document.getElementById(id);
/** The page's sentences by key, with `{{value}}` in them; the server writes them in the browser's language. */
const words = JSON.parse(byId('words').textContent);
const fill = (text, values) => text.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name]);
const plural = new Intl.PluralRules(document.documentElement.lang);
const counted = (key, count) =>
  fill(words[`${key}_${plural.select(count)}`] ?? words[`${key}_other`], { count });
const video = byId('video');
const stage = video.parentElement;
const lamp = byId('lamp');
const statusLine = byId('status');
const offline = byId('offline');
const offlineTitle = byId('offline-title');
const offlineHint = byId('offline-hint');
const sound = byId('sound');
const list = byId('streams');
const empty = byId('empty');

/** What the viewer asked for: `app/name`, from the fragment or a click. Absent: whatever is live. */
let wanted = fromFragment();
let streams = [];
let serverGone = false;
/** `{ key, since, player, progressAt, time }` while something plays or tries to. */
let playing;
let retryAt = 0;

function fromFragment() {
  return decodeURIComponent(location.hash.slice(1)) || undefined;
}

const keyOf = (stream) => `${stream.app}/${stream.name}`;
const pathOf = (stream) =>
  `/${stream.app.split('/').map(encodeURIComponent).join('/')}/${encodeURIComponent(stream.name)}.flv`;

function chosen() {
  return wanted ? streams.find((stream) => keyOf(stream) === wanted) : streams[0];
}

function stop() {
  if (!playing) return;
  const { player } = playing;
  playing = undefined;
  player.destroy();
}

function start(stream) {
  const player = mpegts.createPlayer(
    {
      type: 'flv',
      isLive: true,
      url: pathOf(stream),
      hasVideo: stream.video !== undefined,
      hasAudio: stream.audio !== undefined,
    },
    { liveBufferLatencyChasing: true, enableStashBuffer: false, lazyLoad: false },
  );
  const now = Date.now();
  playing = {
    key: keyOf(stream),
    since: stream.since,
    tracks: tracksOf(stream),
    player,
    progressAt: now,
    time: 0,
  };
  const again = () => {
    if (playing?.player !== player) return;
    stop();
    retryAt = Date.now() + retryMs;
    void refresh();
  };
  player.on(mpegts.Events.ERROR, again);
  player.on(mpegts.Events.LOADING_COMPLETE, again);
  player.attachMediaElement(video);
  player.load();
  // Refused where even muted playback needs a gesture; the controls are there for that.
  Promise.resolve(player.play()).catch(() => undefined);
}

const tracksOf = (stream) => `${stream.video !== undefined}/${stream.audio !== undefined}`;

function follow() {
  const stream = chosen();
  if (!stream || serverGone) {
    stop();
    return;
  }
  if (playing) {
    const other = playing.key !== keyOf(stream) || playing.since !== stream.since;
    if (other || playing.tracks !== tracksOf(stream) || hasStalled()) stop();
  }
  // A stream with neither track yet has just begun: its first packets decide how it is played.
  const ready = stream.video !== undefined || stream.audio !== undefined;
  if (!playing && ready && Date.now() >= retryAt) start(stream);
}

function hasStalled() {
  const now = Date.now();
  if (video.currentTime !== playing.time || (video.paused && playing.time > 0)) {
    playing.time = video.currentTime;
    playing.progressAt = now;
  }
  return now - playing.progressAt > stalledMs;
}

function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function render() {
  const stream = chosen();
  const live = stream !== undefined && !serverGone;
  const shown = live && playing !== undefined && video.readyState >= 2;
  const state = shown ? 'live' : live ? 'waiting' : 'offline';
  lamp.dataset.state = state;
  stage.dataset.state = state;
  offline.hidden = shown;
  sound.hidden = !(shown && video.muted && stream.audio);
  const named = { stream: stream ? keyOf(stream) : wanted };
  if (serverGone) {
    say('gone', 'goneStatus', words.goneHint, named);
  } else if (live) {
    say('connecting', shown ? 'live' : 'connectingTo', named.stream, named);
  } else if (wanted) {
    say('away', 'awayStatus', words.awayHint, named);
  } else {
    say('nothing', 'nothingStatus', words.nothingHint, named);
  }
  document.title = named.stream ? fill(words.streamTitle, named) : words.title;
  renderList();
}

function say(title, status, hint, values) {
  show(statusLine, fill(words[status], values));
  show(offlineTitle, fill(words[title], values));
  show(offlineHint, hint);
}

function describe(stream) {
  const parts = [];
  if (stream.video?.width) parts.push(`${stream.video.width}×${stream.video.height}`);
  if (stream.audio?.sampleRate)
    parts.push(fill(words.sound, { kilohertz: stream.audio.sampleRate / 1000 }));
  parts.push(counted('players', stream.players));
  return parts.join(' · ');
}

/** Keeps the buttons that stay, so that the focus is not lost. */
function renderList() {
  empty.hidden = streams.length > 0;
  const current = playing?.key;
  const kept = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const items = streams.map((stream) => {
    const item = kept.get(keyOf(stream)) ?? createItem(keyOf(stream));
    item.firstChild.setAttribute('aria-current', String(keyOf(stream) === current));
    show(item.querySelector('span'), describe(stream));
    return item;
  });
  if (items.some((item, index) => list.children[index] !== item)) list.replaceChildren(...items);
  while (list.children.length > items.length) list.lastChild.remove();
}

function createItem(key) {
  const item = document.createElement('li');
  item.dataset.key = key;
  const button = document.createElement('button');
  button.type = 'button';
  const name = document.createElement('strong');
  name.textContent = key;
  button.append(name, document.createElement('span'));
  button.addEventListener('click', () => {
    wanted = key;
    history.replaceState(undefined, '', `#${encodeURIComponent(key)}`);
    retryAt = 0;
    follow();
    render();
  });
  item.append(button);
  return item;
}

let refreshing = false;
async function refresh() {
  if (refreshing) return;
  refreshing = true;
  try {
    const response = await fetch('/api/streams', { signal: AbortSignal.timeout(5000) });
    streams = (await response.json()).streams;
    serverGone = false;
  } catch {
    streams = [];
    serverGone = true;
  } finally {
    refreshing = false;
  }
  follow();
  render();
}

sound.addEventListener('click', () => {
  video.muted = false;
  render();
});
for (const event of ['volumechange', 'loadeddata', 'playing', 'emptied']) {
  video.addEventListener(event, render);
}
addEventListener('hashchange', () => {
  wanted = fromFragment();
  void refresh();
});
mpegts.LoggingControl.enableVerbose = false;
mpegts.LoggingControl.enableDebug = false;
setInterval(() => void refresh(), listEveryMs);
void refresh();
