import type { IncomingMessage, ServerResponse } from 'node:http';
import { pageWords, type Refusal } from '@tallylight/messages/pages';
import { plainPage, plainPageHeaders } from './plain-page.js';

/** A page for people, a line for programs, in the language they wish for. */
export function refuse(
  { headers }: IncomingMessage,
  response: ServerResponse,
  status: number,
  why: Refusal,
): void {
  const language = headers['accept-language'];
  if (headers.accept?.includes('text/html')) {
    response.writeHead(status, plainPageHeaders);
    response.end(plainPage(why, language));
    return;
  }
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    vary: plainPageHeaders.vary,
  });
  response.end(`${pageWords(language).words.refusals[why].text}\n`);
}
