/** The version in the banner that ffmpeg begins with; undefined when this is no ffmpeg. */
export const parseVersion = (banner: string): string | undefined =>
  /^ffmpeg version (\S+)/m.exec(banner)?.[1];

/**
 * The names in the listings of `-encoders` and `-formats`: flags, names separated by commas, description. What stands
 * before the line of dashes explains the flags.
 *
 * @param flag only of the lines that have it.
 */
export function parseNames(listing: string, flag = ''): ReadonlySet<string> {
  const [, body = ''] = listing.split(/^\s*-{2,}\s*$/m);
  // A device has the flag "d" from ffmpeg 7 on.
  const lines = [...body.matchAll(/^ ?([A-Zd. ]{2,6}) ([\w,]+)(?: |$)/gm)];
  return new Set(
    lines
      .filter(([, flags = '']) => flags.includes(flag))
      .flatMap(([, , names = '']) => names.split(',')),
  );
}
