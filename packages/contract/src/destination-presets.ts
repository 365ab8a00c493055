import { tidyTypedUrl } from 'node-rtmp-client/address';

/** How a kind of server wants to be published to. Its name and a hint are among the messages, under its id. */
export interface DestinationPreset {
  readonly id: string;
  /** The form of its address, with an example of an application. */
  readonly urlExample: string;
  /** Whether an address can be completed from that example: of any server nobody knows more than is typed. */
  readonly completes: boolean;
  /** The form of the stream key. */
  readonly keyExample: string;
  /** Whether it asks publishers for a user and a password: `usual` where it does unless it is told otherwise. */
  readonly login: 'none' | 'possible' | 'usual';
  /** Where that is written, and when it was read; absent for what is ours. */
  readonly source?: { readonly url: string; readonly read: string };
}

/** What a new destination can begin from. Another one is an entry here, and its words. */
export const destinationPresets = [
  {
    id: 'own',
    urlExample: 'rtmps://server/app',
    completes: false,
    keyExample: '',
    login: 'possible',
  },
  {
    // As "server-config nginx" writes it.
    id: 'nginx-rtmp',
    urlExample: 'rtmp://server/live',
    completes: true,
    keyExample: 'show?key=KEY',
    login: 'none',
  },
  {
    // By default it asks every RTMP source for a user and a password, in Adobe's way.
    id: 'wowza',
    urlExample: 'rtmp://server:1935/live',
    completes: true,
    keyExample: 'myStream',
    login: 'usual',
    source: {
      url: 'https://www.wowza.com/docs/how-to-enable-username-password-authentication-for-rtmp-and-rtsp-publishing',
      read: '2026-11-30',
    },
  },
  {
    // `live` and `livepkgr` come with it. It asks where Adobe's authentication add-in is installed.
    id: 'adobe',
    urlExample: 'rtmp://server/live',
    completes: true,
    keyExample: 'livestream',
    login: 'possible',
    source: {
      // Adobe's Developer's Guide of version 5.0.6.
      url: 'https://manualmachine.com/macromedia/mediaserver506/2849539-user-guide',
      read: '2026-11-30',
    },
  },
] as const satisfies readonly DestinationPreset[];

export type DestinationPresetId = (typeof destinationPresets)[number]['id'];

/** The preset of that id, in whatever case somebody typed it. */
export const presetOf = (
  id: string,
): (DestinationPreset & { id: DestinationPresetId }) | undefined =>
  destinationPresets.find((preset) => preset.id === id.trim().toLowerCase());

/** What begins as an address does, also a misspelt one. */
const beginsAsUrl = /^(rtmp\w*|https?):|^[a-z][a-z0-9+.-]*:\/\//i;

/**
 * What was typed as the address of such a server, with whatever of it is missing: scheme and port before, the
 * application behind. What is there stays. Whether it is an address then, whoever reads it says.
 */
export function completeServerUrl(
  typed: string,
  { urlExample, completes }: Pick<DestinationPreset, 'urlExample' | 'completes'>,
): string {
  const url = tidyTypedUrl(typed).trim();
  if (!completes || url === '') return typed;
  const [, scheme = '', port = '', path = ''] =
    /^(\w+:\/\/)[^/:]+(:\d+)?(\/.*)$/.exec(urlExample) ?? [];
  const withScheme = beginsAsUrl.test(url) ? url : tidyTypedUrl(scheme + url);
  const [, begin = '', authority = '', rest = ''] =
    /^(rtmps?:\/\/)([^/?#]*)(.*)$/is.exec(withScheme) ?? [];
  if (authority === '') return typed;
  const hasPort = withScheme === url || /^(\[.*\]|[^:[]*):/.test(authority);
  return begin + authority + (hasPort ? '' : port) + (/^\/*$/.test(rest) ? path : rest);
}
