import { readWindowFile, windowSecurityHeaders } from '@tallylight/engine/window';
import { protocol, type Session } from 'electron';
import { appScheme, isAppUrl } from './app-origin.js';

/** Makes the window's origin a secure context. Electron accepts this only before it is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/** Answers the window's requests with the files in `directory`, and with nothing else. */
export function serveApp(session: Session, directory: string): void {
  session.protocol.handle(appScheme, (request) => answer(request, directory));
}

async function answer(request: Request, directory: string): Promise<Response> {
  const refuse = (status: number): Response =>
    new Response(null, { status, headers: windowSecurityHeaders });
  if (!isAppUrl(request.url)) return refuse(403);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  const file = await readWindowFile(directory, new URL(request.url).pathname);
  if (!file) return refuse(404);
  return new Response(request.method === 'HEAD' ? null : file.body, {
    headers: { ...windowSecurityHeaders, 'content-type': file.contentType },
  });
}
