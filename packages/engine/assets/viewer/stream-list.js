/* global document */
// The list of what is live: a button with a picture for each stream.
import { show } from './stage.js';
import { keyOf } from './streams.js';
import { Thumbnails } from './thumbnails.js';
import { counted, fill, words } from './words.js';

export class StreamList {
  #list = document.getElementById('streams');
  #empty = document.getElementById('empty');
  #thumbnails = new Thumbnails();
  #pick;

  /** @param pick is called with the `app/name` that was chosen. */
  constructor(pick) {
    this.#pick = pick;
  }

  /** Keeps the buttons that stay, so that the focus is not lost. */
  render(streams, current) {
    this.#empty.hidden = streams.length > 0;
    const kept = new Map([...this.#list.children].map((item) => [item.dataset.key, item]));
    const items = streams.map((stream) => {
      const key = keyOf(stream);
      const item = kept.get(key) ?? this.#create(key);
      item.firstChild.setAttribute('aria-current', String(key === current));
      show(item.querySelector('small'), describe(stream));
      return item;
    });
    if (items.some((item, index) => this.#list.children[index] !== item)) {
      this.#list.replaceChildren(...items);
    }
    while (this.#list.children.length > items.length) this.#list.lastChild.remove();
    this.#thumbnails.follow(
      streams.map((stream, index) => ({ stream, canvas: items[index].querySelector('canvas') })),
    );
  }

  #create(key) {
    const item = document.createElement('li');
    item.dataset.key = key;
    const button = document.createElement('button');
    button.type = 'button';
    const picture = document.createElement('canvas');
    picture.width = 320;
    picture.height = 180;
    picture.setAttribute('aria-hidden', 'true');
    const text = document.createElement('span');
    const name = document.createElement('strong');
    name.textContent = key;
    text.append(name, document.createElement('small'));
    button.append(picture, text);
    button.addEventListener('click', () => this.#pick(key));
    item.append(button);
    return item;
  }
}

function describe(stream) {
  const parts = [];
  if (stream.video?.width) parts.push(`${stream.video.width}×${stream.video.height}`);
  if (stream.audio?.sampleRate) {
    parts.push(fill(words.sound, { kilohertz: stream.audio.sampleRate / 1000 }));
  }
  parts.push(counted('players', stream.players));
  // A line ends between them, not within one.
  return parts.map((part) => part.replaceAll(' ', '\u00a0')).join(' · ');
}
