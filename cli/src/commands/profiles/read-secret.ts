import { aborted } from 'node-rtmp-client/async';
import { text } from 'node:stream/consumers';
import type { CliDependencies } from '../../cli-dependencies.js';

/**
 * A line from the terminal that is not shown while it is typed; all of stdin where that is no terminal. `undefined`
 * when it was interrupted: half a key must not pass for a whole one.
 */
export function readSecret(
  prompt: string,
  { stdin, stderr, interrupted }: Pick<CliDependencies, 'stdin' | 'stderr' | 'interrupted'>,
): Promise<string | undefined> {
  if (!stdin.isTTY) {
    return Promise.race([text(stdin), aborted(interrupted).then(() => undefined)]);
  }
  stderr.write(prompt);
  return new Promise((resolve) => {
    let typed = '';
    stdin.setRawMode(true).setEncoding('utf8').resume();
    const finish = (): void => {
      stdin.setRawMode(false).pause();
      stdin.off('data', read);
      interrupted.removeEventListener('abort', finish);
      stderr.write('\n');
      resolve(interrupted.aborted ? undefined : typed);
    };
    const read = (chunk: string): void => {
      for (const character of chunk) {
        if (character === '\u0003') {
          // Raw mode hands Ctrl+C over as a character. The signal ends this, too.
          process.kill(process.pid, 'SIGINT');
          return;
        }
        if ('\r\n\u0004'.includes(character)) {
          finish();
          return;
        }
        if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1);
        else typed += character;
      }
    };
    stdin.on('data', read);
    interrupted.addEventListener('abort', finish, { once: true });
  });
}
