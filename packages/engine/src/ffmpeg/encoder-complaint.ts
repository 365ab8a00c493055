import { reason, type ReasonCode, type Wording } from '@tallylight/contract';
import { withoutPrefix } from './line-log.js';

/** How ffmpeg says that a hardware encoder has no hardware or no driver. */
const known: readonly (readonly [RegExp, ReasonCode])[] = [
  [/Cannot load (?:lib|nv)(?:cuda|nvidia|encode)|No (?:NVENC )?capable devices/i, 'no-nvidia'],
  [/MFX session/i, 'no-intel'],
  [/No VA display|Failed to initialise VAAPI|vaInitialize/i, 'no-vaapi'],
  [/amfrt|AMF (?:failed|initiali[sz]ation)/i, 'no-amd'],
];

/** What ffmpeg's line means, with the line itself as detail; the line alone where that is not known. */
export function encoderComplaint(line: string): Wording {
  const detail = withoutPrefix(line.trim());
  const [, code] = known.find(([pattern]) => pattern.test(detail)) ?? [];
  return code === undefined ? detail : reason(code, { detail });
}
