/** The version of `ffmpeg -version`; undefined when this is no ffmpeg. */
export const parseVersion = (stdout: string): string | undefined =>
  /^ffmpeg version (\S+)/m.exec(stdout)?.[1];

/**
 * The names in the listings of `-encoders`, `-devices`, `-muxers`: flags, names separated by commas, description.
 * What stands before the line of dashes explains the flags.
 */
export function parseNames(listing: string): ReadonlySet<string> {
  const [, body = ''] = listing.split(/^\s*-{2,}\s*$/m);
  const names = [...body.matchAll(/^ ?[A-Z. ]{2,6} ([\w,]+)(?: |$)/gm)];
  return new Set(names.flatMap((match) => match[1]?.split(',') ?? []));
}
