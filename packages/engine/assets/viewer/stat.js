/* global document, fetch, location, setInterval */
// The page of statistics: asks the server once a second, and shows what it says and how fast that grows.
import { keyOf } from './streams.js';
import { counted, fill, words } from './words.js';

const byId = (id) => document.getElementById(id);
const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language);
const of = (options) => new Intl.NumberFormat(language, { style: 'unit', ...options });
const rates = of({ unit: 'kilobit-per-second', maximumFractionDigits: 0 });
const megabytes = of({ unit: 'megabyte', maximumFractionDigits: 1 });

/** Names of the ways to play, as they are called everywhere. */
const protocolNames = {
  ...{ rtmp: 'RTMP', 'http-flv': 'HTTP-FLV', 'ws-flv': 'WebSocket-FLV' },
  ...{ hls: 'HLS', dash: 'DASH' },
};

/** Of the link with which this page was opened, where the server wants one. */
const token = new URLSearchParams(location.search).get('token');
const query = token ? `?${new URLSearchParams({ token })}` : '';
byId('viewer').href = `/${query}`;

/** What the server said before, and when, so that rates can be told. */
let before;

/** Text is written only where it changes: what reads the page aloud would begin anew. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** `rows`: pairs of a name and what is to stand beside it. */
function renderRows(list, rows) {
  while (list.children.length > rows.length) list.lastChild.remove();
  while (list.children.length < rows.length) {
    const row = document.createElement('div');
    row.append(document.createElement('dt'), document.createElement('dd'));
    list.append(row);
  }
  rows.forEach(([name, value], index) => {
    const [term, detail] = list.children[index].children;
    setText(term, name);
    setText(detail, value);
  });
}

function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part, index) => String(part).padStart(index === 0 ? 1 : 2, '0')).join(':');
}

/** By how much a count has grown a second, as bits; nothing where it has begun anew. */
function rateOf(now, then, seconds) {
  if (then === undefined || now < then || !(seconds > 0)) return '–';
  return rates.format(((now - then) * 8) / 1000 / seconds);
}

const bytes = (count) => megabytes.format(count / 1e6);

/** How many players there are, by which ways. */
function players({ protocols }) {
  const there = Object.entries(protocols).filter(([, { players: count }]) => count > 0);
  const parts = there.map(
    ([name, { players: count }]) => `${numbers.format(count)} ${protocolNames[name]}`,
  );
  return parts.join(', ') || numbers.format(0);
}

const frames = ({ framesIn: { video, audio } }) =>
  fill(words.framesInOf, { video: numbers.format(video), audio: numbers.format(audio) });

/** The rows that a stream and the server have in common. */
function trafficRows(now, then, seconds) {
  return [
    [words.players, players(now)],
    [words.in, rateOf(now.bytesIn, then?.bytesIn, seconds)],
    [words.out, rateOf(now.bytesOut, then?.bytesOut, seconds)],
    [words.inAll, bytes(now.bytesIn)],
    [words.outAll, bytes(now.bytesOut)],
    [words.framesIn, frames(now)],
    [words.framesDropped, numbers.format(now.framesDropped)],
  ];
}

function picture({ video }) {
  if (!video) return words.none;
  return video.width ? `${video.codec}, ${video.width}×${video.height}` : video.codec;
}

function sound({ audio }) {
  if (!audio) return words.none;
  return audio.sampleRate ? `${audio.codec}, ${audio.sampleRate / 1000} kHz` : audio.codec;
}

function renderStreams(now, then, seconds) {
  const list = byId('streams');
  const kept = new Map([...list.children].map((item) => [item.dataset.key, item]));
  const items = now.streams.map((stream) => {
    const key = keyOf(stream);
    const item = kept.get(key) ?? createItem(key);
    // One that has begun again counts anew.
    const past = then?.streams.find((one) => keyOf(one) === key && one.since === stream.since);
    renderRows(item.querySelector('dl'), [
      [words.picture, picture(stream)],
      [words.sound, sound(stream)],
      [words.since, duration(now.since + now.uptimeSeconds * 1000 - stream.since)],
      ...trafficRows(stream, past, seconds),
    ]);
    return item;
  });
  if (items.length !== list.children.length || items.some((item, i) => list.children[i] !== item)) {
    list.replaceChildren(...items);
  }
  byId('no-streams').hidden = items.length > 0;
}

function createItem(key) {
  const item = document.createElement('li');
  item.dataset.key = key;
  const title = document.createElement('h3');
  title.textContent = key;
  item.append(title, document.createElement('dl'));
  return item;
}

function render(now, then, seconds) {
  renderRows(byId('server'), [
    [words.uptime, duration(now.uptimeSeconds * 1000)],
    [words.memory, bytes(now.memoryBytes)],
    [
      words.connections,
      fill(words.connectionsOf, {
        rtmp: numbers.format(now.connections.rtmp),
        http: numbers.format(now.connections.http),
      }),
    ],
    [words.published, numbers.format(now.published)],
    ...trafficRows(now.total, then?.total, seconds),
  ]);
  renderStreams(now, then, seconds);
  renderRows(
    byId('refused'),
    now.refused.map(({ reason, count }) => [words[reason] ?? reason, numbers.format(count)]),
  );
  byId('none-refused').hidden = now.refused.length > 0;
  setText(byId('status'), counted('status', now.streams.length));
}

let asking = false;

async function ask() {
  if (asking) return;
  asking = true;
  try {
    const response = await fetch(`/api/stat${query}`, { signal: AbortSignal.timeout(5000) });
    if (response.status === 403) {
      setText(byId('status'), await response.text());
    } else {
      const at = performance.now();
      const said = await response.json();
      render(said, before?.said, (at - (before?.at ?? at)) / 1000);
      before = { said, at };
    }
  } catch {
    before = undefined;
    setText(byId('status'), words.gone);
  }
  asking = false;
}

setInterval(() => void ask(), 1000);
void ask();
