// Plays one stream in a video element, in the way that was chosen, for as long as it is live: begins again when it
// stops, plays to its end what has come, and leaves a way that does not play here for the next one.
import { keyOf } from './streams.js';
import { automatic, loaderOf } from './ways.js';

/** A player that shows nothing new for this long is started afresh. Milliseconds. */
const stalledMs = 8000;
/** One that has shown nothing yet waits for its library, then for a keyframe, and in segments for the next one after it. */
const beginningMs = 30_000;
/** After a failure to play, this long until the next try. */
const retryMs = 1500;
/** A way that fails as often as this in a row, without a picture, or shows none for so long, does not play here … */
const mostFailures = 2;
/** … and is tried again after this long. */
const unplayableMs = 30_000;
/** When a stream has ended and nothing new was shown for this long, the end has been seen. */
const endedMs = 1500;
/** What is paused for longer is not loaded any more. */
const pausedMs = 60_000;

export class StreamPlayer {
  #video;
  #changed;
  /** Of the server's list; undefined while it is not live. */
  #stream;
  #way = 'auto';
  /** What plays or is about to: `{ stream, way, handle, showed, progressAt, time, endedAt }`. */
  #current;
  #isHeld = false;
  #retryAt = 0;
  #failures = 0;
  /** Ways that did not play this stream. */
  #unplayable = new Set();
  #pauseTimer;

  /** @param changed is called when what {@link state} tells may have changed. */
  constructor(video, changed) {
    this.#video = video;
    this.#changed = changed;
    for (const event of ['loadeddata', 'playing', 'emptied', 'waiting', 'ended']) {
      video.addEventListener(event, () => this.#note());
    }
    for (const event of ['waiting', 'ended']) {
      video.addEventListener(event, () => this.#dry());
    }
    video.addEventListener('loadedmetadata', () => this.#play());
    video.addEventListener('pause', () => this.#paused());
    video.addEventListener('play', () => clearTimeout(this.#pauseTimer));
  }

  /**
   * `idle`: there is nothing to play. `held`: until {@link resume}. `unplayable`: not in this browser, or not in this way.
   * `connecting`, `playing`; `ending`: nothing new comes, and what has been loaded is shown.
   */
  get state() {
    if (this.#current?.showed) return this.#isOver ? 'ending' : 'playing';
    if (this.#current) return 'connecting';
    if (!this.#stream) return 'idle';
    if (this.#isHeld) return 'held';
    return this.#nextWay() === undefined ? 'unplayable' : 'connecting';
  }

  /** The stream that plays, or whose end plays. */
  get stream() {
    return this.#current?.stream;
  }

  /** The way in which it plays or would play. */
  get way() {
    return this.#current?.way ?? this.#nextWay();
  }

  get isPaused() {
    // What has been shown to its end is paused as well, for the element.
    return this.#current?.showed === true && this.#video.paused && !this.#isOver;
  }

  /** The server lists it no more, or its player has come to its end. */
  get #isOver() {
    return this.#current?.endedAt !== undefined || !this.#stream;
  }

  /** How far what is shown is behind the newest that is known of, in seconds; undefined while nothing plays. */
  get latency() {
    const { showed, handle } = this.#current ?? {};
    const seconds = showed && !this.#isOver ? handle?.latency() : undefined;
    return seconds === undefined ? undefined : Math.max(seconds, 0);
  }

  /** To be called about every second, with the stream as the server lists it, or undefined while it does not. */
  follow(stream) {
    const isOther = stream && !isSame(stream, this.#stream);
    if (isOther) this.#forgetFailures();
    this.#stream = stream;
    if (this.#current) {
      if (stream && !isSame(stream, this.#current.stream)) this.#stop();
      else if (!stream && !this.#current.showed) this.#giveUp();
      else if (this.#isOverdue()) {
        if (!this.#current.showed) this.#failures = mostFailures;
        this.#giveUp();
      }
    }
    // A stream with neither track yet has just begun: its first packets decide how it is played.
    const ready = stream && (stream.video ?? stream.audio) !== undefined;
    if (!this.#current && ready && !this.#isHeld && Date.now() >= this.#retryAt) this.#start();
  }

  /** Another stream is wanted, or none: the end of this one is not waited for. */
  leave() {
    this.#stop();
    this.#stream = undefined;
    this.#forgetFailures();
  }

  /** @param way one of the ways, or `auto` */
  choose(way) {
    if (way === this.#way) return;
    this.#way = way;
    this.#forgetFailures();
    this.#stop();
    this.follow(this.#stream);
    this.#changed();
  }

  /** Loads nothing until {@link resume}. */
  hold() {
    this.#isHeld = true;
    this.#stop();
    this.#changed();
  }

  resume() {
    this.#isHeld = false;
    this.#retryAt = 0;
    this.follow(this.#stream);
    this.#changed();
  }

  #nextWay() {
    const wished = this.#way === 'auto' ? automatic : [this.#way];
    return wished.find((way) => loaderOf(way) && !this.#unplayable.has(way));
  }

  #start() {
    const way = this.#nextWay();
    if (way === undefined) return;
    const now = Date.now();
    const current = { stream: this.#stream, way, showed: false, progressAt: now, time: 0 };
    this.#current = current;
    // Not while the library tells of it, which may have more to do that needs what is destroyed then.
    const failed = () => setTimeout(() => this.#failed(current));
    this.#open(current, failed).catch(failed);
    this.#changed();
  }

  async #open(current, failed) {
    const { load, open } = await loaderOf(current.way)();
    await load?.();
    // From here on nothing waits: two players at one element would take it from each other.
    if (this.#current !== current) return;
    current.handle = open(this.#video, current.stream, failed);
    // The library may have been long in coming.
    current.progressAt = Date.now();
    this.#video.autoplay = true;
  }

  /** Not before there is something to play: a library begins with its work when the element says that it plays. */
  #play() {
    const current = this.#current;
    if (!current) return;
    this.#video.play().catch((error) => {
      // Refused where even muted playback needs a gesture.
      if (error.name === 'NotAllowedError' && this.#current === current) this.hold();
    });
  }

  #stop() {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    clearTimeout(this.#pauseTimer);
    this.#video.autoplay = false;
    current.handle?.destroy();
    // Whatever a library leaves behind, its last picture or its rate, is not for the next.
    this.#video.removeAttribute('src');
    this.#video.load();
    this.#video.playbackRate = 1;
  }

  /** The player has ended or given up; what it has loaded is still shown. */
  #failed(current) {
    if (this.#current !== current) return;
    if (current.showed) {
      current.endedAt ??= Date.now();
      current.progressAt = Math.max(current.progressAt, current.endedAt);
      this.#dry();
      this.#changed();
    } else this.#giveUp();
  }

  /** When all that had been loaded of what is over has been shown, it is no longer waited for. */
  #dry() {
    const current = this.#current;
    const { ended, readyState } = this.#video;
    if (!current?.showed || !this.#isOver || (!ended && readyState >= 3)) return;
    // Not while the library is told of it, too.
    setTimeout(() => {
      if (this.#current === current) this.#giveUp();
    });
  }

  #giveUp() {
    const { showed, way } = this.#current;
    this.#stop();
    this.#retryAt = showed ? 0 : Date.now() + retryMs;
    if (!showed && this.#stream) {
      this.#failures += 1;
      if (this.#failures >= mostFailures) {
        this.#failures = 0;
        this.#unplayable.add(way);
        if (this.#nextWay() === undefined) {
          this.#retryAt = Date.now() + unplayableMs;
          setTimeout(() => this.#unplayable.clear(), unplayableMs);
        }
      }
    }
    this.#changed();
  }

  #forgetFailures() {
    this.#failures = 0;
    this.#unplayable.clear();
    this.#retryAt = 0;
  }

  #note() {
    const current = this.#current;
    if (current && !current.showed && this.#video.readyState >= 2) {
      current.showed = true;
      this.#failures = 0;
    }
    this.#changed();
  }

  #isOverdue() {
    const current = this.#current;
    const { currentTime, paused } = this.#video;
    const now = Date.now();
    const isOver = this.#isOver;
    const hasMoved = currentTime !== current.time;
    if (hasMoved || (paused && current.showed && !isOver)) {
      current.time = currentTime;
      current.progressAt = now;
    }
    const allowed = isOver ? endedMs : current.showed ? stalledMs : beginningMs;
    return now - current.progressAt > allowed;
  }

  #paused() {
    clearTimeout(this.#pauseTimer);
    if (this.#current && !this.#video.ended) {
      this.#pauseTimer = setTimeout(() => {
        if (this.isPaused) this.hold();
      }, pausedMs);
    }
    this.#changed();
  }
}

const has = (track) => track !== undefined;
/** The same publisher's, with the same tracks. */
const isSame = (a, b) =>
  b !== undefined &&
  keyOf(a) === keyOf(b) &&
  a.since === b.since &&
  has(a.video) === has(b.video) &&
  has(a.audio) === has(b.audio);
