/* global document */
// The picture, and what stands in its place while there is none.
import { StreamPlayer } from './stream-player.js';
import { keyOf } from './streams.js';
import { fill, words } from './words.js';

const byId = (id) => document.getElementById(id);

export function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export class Stage {
  #video = byId('video');
  #element = byId('stage');
  #offline = byId('offline');
  #title = byId('offline-title');
  #hint = byId('offline-hint');
  #sound = byId('sound');
  #start = byId('start');
  #status = byId('status');
  #changed;
  /** `{ stream, name, serverGone, refusal }` as {@link follow} got it. */
  #wish = {};
  player;

  /** @param changed is called whenever {@link state} may be another. */
  constructor(changed) {
    this.#changed = changed;
    this.player = new StreamPlayer(this.#video, () => this.render());
    this.#video.addEventListener('volumechange', () => this.render());
    // A button that goes takes the focus with it; what it was for has controls of its own.
    this.#sound.addEventListener('click', () => {
      this.#video.muted = false;
      this.#video.focus();
    });
    this.#start.addEventListener('click', () => {
      this.player.resume();
      this.#video.focus();
    });
  }

  /**
   * @param stream as the server lists it, or undefined while it does not
   * @param name what is wanted, `app/name`, or undefined where it is whatever is live
   * @param refusal why the server lets nobody watch here any more, where that is so
   */
  follow({ stream, name, serverGone, refusal }) {
    this.#wish = { stream, name, serverGone, refusal };
    const { stream: played } = this.player;
    if (played && name !== undefined && keyOf(played) !== name) this.player.leave();
    this.player.follow(stream);
    this.render();
  }

  /** `live`: somebody's picture is seen. `ending`: the rest of it is. `waiting`: it is about to be. `offline`. */
  get state() {
    const { state } = this.player;
    if (state === 'playing') return 'live';
    if (state === 'ending') return 'ending';
    return state === 'connecting' ? 'waiting' : 'offline';
  }

  /** What plays or would play. */
  get name() {
    const { stream = this.player.stream, name } = this.#wish;
    return stream ? keyOf(stream) : name;
  }

  /** Of a link to what plays, where the server wants one. */
  get token() {
    return (this.#wish.stream ?? this.player.stream)?.token;
  }

  /** Says one thing in place of the picture, for good. */
  refuse(title, hint) {
    this.#element.dataset.state = 'offline';
    show(this.#title, title);
    show(this.#hint, hint);
    show(this.#status, title);
    this.#offline.hidden = false;
  }

  render() {
    const { state, player, name } = this;
    const { stream } = this.#wish;
    const isShown = state === 'live' || state === 'ending';
    this.#element.dataset.state = isShown ? 'live' : state;
    this.#offline.hidden = isShown;
    this.#start.hidden = player.state !== 'held';
    this.#sound.hidden = !(
      state === 'live' &&
      this.#video.muted &&
      (stream ?? player.stream)?.audio
    );
    const { refusal } = this.#wish;
    const { title, status, hint = '' } = this.#sentences();
    const named = { stream: name };
    const isRefused = refusal && player.state === 'idle';
    show(this.#title, isRefused ? refusal : fill(words[title], named));
    show(this.#status, isRefused ? refusal : fill(words[status], named));
    show(this.#hint, isRefused ? '' : hint);
    this.#changed();
  }

  #sentences() {
    const { serverGone, name } = this.#wish;
    switch (this.player.state) {
      case 'playing':
        return { title: 'connecting', status: 'live' };
      case 'ending':
        return { title: 'connecting', status: 'ending' };
      case 'connecting':
        return { title: 'connecting', status: 'connectingTo' };
      case 'held':
        return { title: 'held', status: 'heldStatus', hint: words.heldHint };
      case 'unplayable':
        return { title: 'unplayable', status: 'unplayableStatus', hint: words.unplayableHint };
    }
    if (serverGone) return { title: 'gone', status: 'goneStatus', hint: words.goneHint };
    if (name) return { title: 'away', status: 'awayStatus', hint: words.awayHint };
    return { title: 'nothing', status: 'nothingStatus', hint: words.nothingHint };
  }
}
