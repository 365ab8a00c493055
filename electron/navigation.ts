import { shell, type WebContents } from 'electron';
import { appUrl } from './app-origin.js';

/** Keeps contents on our page: no navigation, no frames from elsewhere, no new windows, no web views. */
export function lockNavigation(contents: WebContents): void {
  contents.on('will-frame-navigate', (details) => {
    if (!(details.isMainFrame && details.url === appUrl)) details.preventDefault();
  });
  contents.on('will-redirect', (details) => details.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

/**
 * What a link may open in the user's browser: the watch page of the built-in server, which is on this machine. The
 * window has no other links.
 */
function mayOpenOutside(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  const here = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
  return protocol === 'http:' && here && username === '' && password === '';
}
