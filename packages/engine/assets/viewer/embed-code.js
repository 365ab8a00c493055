/* global document, location, navigator */
// The code with which another page shows the stream.
import { show } from './stage.js';
import { words } from './words.js';

const byId = (id) => document.getElementById(id);
const saidMs = 4000;

const escapes = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const escaped = (text) => text.replace(/[&<"]/g, (character) => escapes[character]);

/** @param key `app/name`; the player page puts them together again, so it does not matter where it is parted. */
function embedCode(key) {
  const slash = key.lastIndexOf('/');
  const parameters = new URLSearchParams({
    ...{ streamer: key.slice(0, slash), file: key.slice(slash + 1) },
  });
  const address = new URL(`/player.html?${parameters}`, location.href);
  return (
    `<iframe src="${escaped(address.href)}" title="${escaped(key)}" width="640" height="360" ` +
    'style="border: 0" allow="autoplay; fullscreen" allowfullscreen></iframe>'
  );
}

export class EmbedCode {
  #box = byId('embed');
  #code = byId('embed-code');
  #said = byId('embed-said');
  #timer;

  constructor() {
    byId('embed-copy').addEventListener('click', () => void this.#copy());
    this.#code.addEventListener('focus', () => this.#code.select());
  }

  /** @param key `app/name`, or undefined where nothing is live or wanted */
  render(key) {
    this.#box.hidden = key === undefined;
    const code = key === undefined ? '' : embedCode(key);
    if (this.#code.value !== code) this.#code.value = code;
  }

  async #copy() {
    const copied = await this.#write();
    if (!copied) this.#code.select();
    show(this.#said, copied ? words.embedCopied : words.embedNotCopied);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => show(this.#said, ''), saidMs);
  }

  async #write() {
    try {
      await navigator.clipboard.writeText(this.#code.value);
      return true;
    } catch {
      // Only pages of this machine or over HTTPS have a clipboard; the old way works on the others.
      const { activeElement } = document;
      this.#code.select();
      const copied = document.execCommand('copy');
      activeElement?.focus();
      return copied;
    }
  }
}
