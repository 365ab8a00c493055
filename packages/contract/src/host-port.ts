/** A host, an IPv6 address without its brackets, and a port as it was typed; `undefined` where the text is no `HOST:PORT`. */
export function splitHostPort(
  text: string,
): { readonly host: string; readonly port: string } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):([^:\s]+)$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3];
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** An example of `HOST:PORT` with an IPv6 address, where that is what was typed without its brackets. */
export const fittingExample = (text: string, example: string): string =>
  /:.*:/.test(text) ? example.replace(/^.*(?=:)/, '[::1]') : example;
