import type { Microphone } from '@tallylight/contract';

/** Before the names of PulseAudio's sources, in the ids of microphones; ALSA's have none. */
export const pulsePrefix = 'pulse:';

/**
 * Reads `ffmpeg -sources pulse`: `* name [description] (audio)`, a star before the default. A monitor is what the
 * loudspeakers play, no microphone; it comes last.
 */
export function parsePulseSources(stdout: string): Microphone[] {
  const sources = [...stdout.matchAll(/^(\*?)\s+(\S+) \[(.*)\](?: \(.*\))?$/gm)].map(
    ([, star = '', name = '', label = '']) => ({ star, name, label }),
  );
  const rank = ({ star, name }: { star: string; name: string }): number =>
    (name.endsWith('.monitor') ? 2 : 0) + (star === '*' ? 0 : 1);
  return sources
    .sort((a, b) => rank(a) - rank(b))
    .map(({ name, label }) => ({ id: pulsePrefix + name, label }));
}

/**
 * The capture devices of ALSA, from `/proc/asound/cards` (` 0 [Loopback       ]: Loopback - Loopback`) and
 * `/proc/asound/pcm` (`00-01: Loopback PCM : Loopback PCM : playback 8 : capture 8`). Cards go by their name, since
 * numbers change when one is plugged in.
 */
export function parseAlsaCaptureDevices(cards: string, pcm: string): Microphone[] {
  const names = new Map(
    [...cards.matchAll(/^\s*(\d+) \[(\S+)\s*\]: .*? - (.*)$/gm)].map(
      ([, number, id = '', label = '']) => [Number(number), { id, label }],
    ),
  );
  const devices: Microphone[] = [];
  for (const line of pcm.split('\n')) {
    const match = /^(\d+)-(\d+): (.*?) : .*\bcapture (\d+)/.exec(line);
    const card = match && names.get(Number(match[1]));
    if (!match || !card) continue;
    const device = Number(match[2]);
    const several = Number(match[4]) > 1;
    devices.push({
      id: `hw:${card.id},${device}${several ? ',0' : ''}`,
      label: `${card.label}: ${match[3] ?? ''} (${device})`,
    });
  }
  return devices;
}
