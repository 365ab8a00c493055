/** The window's own origin. A custom protocol, since `file://` would give it the right to read every file. */
export const appScheme = 'app';
const appHost = 'tallylight';
export const appUrl = `${appScheme}://${appHost}/`;

/** True for a URL of the window's own origin, and for that origin itself. */
export function isAppUrl(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return protocol === `${appScheme}:` && host === appHost;
}
