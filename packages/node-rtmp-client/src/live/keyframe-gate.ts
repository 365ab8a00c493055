import type { MediaPacket } from '../flv/opaque-packet.js';

/**
 * Which packets may pass after others were dropped: no video track goes on but with a keyframe. Decides for every queue
 * that drops; knows nothing of why it drops, nor of time.
 *
 * Open at first, though no video track passes before its first keyframe.
 */
export class KeyframeGate {
  /** What waits for a keyframe besides the video tracks that cannot be decoded. */
  #waiting: 'nothing' | 'video' | 'audio-too' = 'nothing';
  /** The video tracks there are: sound alone is no place to go on while one of them may have a keyframe. */
  readonly #videoTracks = new Set<number>();
  /** The video tracks that can be decoded, since their last keyframe has passed. */
  readonly #decodable = new Set<number>();

  /** True from `close` until something has passed from which the stream can go on. */
  get isWaiting(): boolean {
    return this.#waiting !== 'nothing';
  }

  /**
   * To be called when video was dropped: nothing of it passes before its next keyframe.
   *
   * @param audio 'passes' all the while; or 'waits' for the first keyframe of any video track, so that the stream begins
   * as a new one does. Where there is no video track, it does not wait.
   */
  close(audio: 'passes' | 'waits'): void {
    this.#waiting = audio === 'waits' ? 'audio-too' : 'video';
    this.#decodable.clear();
  }

  /**
   * A video track is there, though nothing of it may have come. Configurations and frames that are asked for say so
   * too.
   */
  addVideoTrack(trackId: number): void {
    this.#videoTracks.add(trackId);
  }

  /** A video track has ended: sound does not wait for it. */
  removeVideoTrack(trackId: number): void {
    this.#videoTracks.delete(trackId);
  }

  /** Another stream follows, which may have no video. */
  removeVideoTracks(): void {
    this.#videoTracks.clear();
  }

  /** Whether `packet` may pass; to be asked once for each, in order. Configurations always may. */
  passes({ track, type, keyframe, trackId = 0 }: MediaPacket): boolean {
    if (track === 'video') this.#videoTracks.add(trackId);
    if (type === 'config') return true;
    if (track === 'audio') {
      if (this.#waiting !== 'audio-too') return true;
      if (this.#videoTracks.size > 0) return false;
      this.#waiting = 'nothing';
      return true;
    }
    if (!keyframe) return this.#decodable.has(trackId);
    this.#waiting = 'nothing';
    this.#decodable.add(trackId);
    return true;
  }
}
