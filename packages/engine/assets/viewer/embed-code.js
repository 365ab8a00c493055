/* global document, location, navigator */
// The code with which another page shows the stream.
import { show } from './stage.js';
import { fill, inFull, words } from './words.js';

const byId = (id) => document.getElementById(id);
const saidMs = 4000;

const escapes = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const escaped = (text) => text.replace(/[&<"]/g, (character) => escapes[character]);

/**
 * @param key `app/name`; the player page puts them together again, so it does not matter where it is parted
 * @param token where the server wants one; the code works for as long as that is valid
 */
function embedCode(key, token) {
  const slash = key.lastIndexOf('/');
  const parameters = new URLSearchParams({
    ...{ streamer: key.slice(0, slash), file: key.slice(slash + 1) },
    ...(token && { token }),
  });
  const address = new URL(`/player.html?${parameters}`, location.href);
  return (
    `<iframe src="${escaped(address.href)}" title="${escaped(key)}" width="640" height="360" ` +
    'style="border: 0" allow="autoplay; fullscreen" allowfullscreen></iframe>'
  );
}

/** A token is `SCOPE.EXPIRES.SIGNATURE`, in seconds since the epoch. */
const expiryOf = (token) => new Date(Number(token.split('.')[1]) * 1000);

export class EmbedCode {
  #box = byId('embed');
  #code = byId('embed-code');
  #hint = byId('embed-hint');
  #said = byId('embed-said');
  #timer;

  constructor() {
    byId('embed-copy').addEventListener('click', () => void this.#copy());
    this.#code.addEventListener('focus', () => this.#code.select());
  }

  /**
   * @param key `app/name`, or undefined where nothing is live or wanted
   * @param token as {@link embedCode} has it
   */
  render(key, token) {
    this.#box.hidden = key === undefined;
    const code = key === undefined ? '' : embedCode(key, token);
    if (this.#code.value !== code) this.#code.value = code;
    const until = token && fill(words.embedUntil, { time: inFull(expiryOf(token)) });
    show(this.#hint, [words.embedHint, until].filter(Boolean).join(' '));
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
