import { tidyTypedUrl } from 'node-rtmp-client/address';
import { reason, type Wording } from './reasons.js';
import type { ServiceFacts } from './service-facts.js';
import { services } from './services.js';

/** A service, or a kind of server, that a destination can begin from. */
export type DestinationPreset = ServiceFacts & { readonly id: DestinationPresetId };

/** What a new destination can begin from, in the order of the list. Another one is an entry among them, and its words. */
export const destinationPresets: readonly DestinationPreset[] = services;

export type DestinationPresetId = (typeof services)[number]['id'];

/** What stands together in the list. */
export const presetGroupNames = ['general', 'china', 'world', 'servers'] as const;

/** The preset of that id, in whatever case somebody typed it. */
export const presetOf = (id: string): DestinationPreset | undefined =>
  destinationPresets.find((preset) => preset.id === id.trim().toLowerCase());

/** What begins as an address does, also a misspelt one. */
const beginsAsUrl = /^(rtmp\w*|https?):|^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * What was typed as the address of such a server, with whatever of it is missing: scheme and port before, the
 * application behind; all of it where nothing was typed and the service has one address. What is there stays. Whether it
 * is an address then, whoever reads it says.
 */
export function completeServerUrl(
  typed: string,
  { urlExample, address }: Pick<DestinationPreset, 'urlExample' | 'address'>,
): string {
  const url = tidyTypedUrl(typed).trim();
  if (url === '' && address === 'known') return urlExample;
  if (url === '' || (address !== 'known' && address !== 'form')) return typed;
  const [, scheme = '', port = '', path = ''] =
    /^(\w+:\/\/)[^/:]+(:\d+)?(\/.*)$/.exec(urlExample) ?? [];
  const withScheme = beginsAsUrl.test(url) ? url : tidyTypedUrl(scheme + url);
  const [, begin = '', authority = '', rest = ''] =
    /^(rtmps?:\/\/)([^/?#]*)(.*)$/is.exec(withScheme) ?? [];
  if (authority === '') return typed;
  const hasPort = withScheme === url || /^(\[.*\]|[^:[]*):/.test(authority);
  return begin + authority + (hasPort ? '' : port) + (/^\/*$/.test(rest) ? path : rest);
}

/** The example of an address, for people: its server and application are words where they are nobody's. */
export function shownExample(url: string): Wording {
  const [, scheme, port = '', app = ''] = /^(\w+:\/\/)server(:\d+)?\/(.*)$/.exec(url) ?? [];
  if (scheme === undefined) return url;
  const shownApp = app === 'app' ? reason('example-app') : app;
  return reason('address-example', { scheme, port, app: shownApp });
}
