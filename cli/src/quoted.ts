/** `text` as one word for the shell of this system. */
export function quoted(text: string, platform: NodeJS.Platform = process.platform): string {
  // Windows' shells have no sign before a quote that all of them know, and no name of a file has one.
  if (platform === 'win32' || !/["$`\\!]/.test(text)) return `"${text}"`;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
