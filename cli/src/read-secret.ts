import { text } from 'node:stream/consumers';
import type { CliDependencies } from './cli-dependencies.js';

/** A line from the terminal that is not shown while it is typed; all of stdin where that is no terminal. */
export function readSecret(
  prompt: string,
  { stdin, stderr, interrupted }: Pick<CliDependencies, 'stdin' | 'stderr' | 'interrupted'>,
): Promise<string> {
  if (!stdin.isTTY) return text(stdin);
  stderr.write(prompt);
  return new Promise((resolve) => {
    let typed = '';
    stdin.setRawMode(true).setEncoding('utf8').resume();
    const finish = (): void => {
      stdin.setRawMode(false).pause();
      stdin.off('data', take);
      interrupted.removeEventListener('abort', finish);
      stderr.write('\n');
      resolve(typed);
    };
    const take = (chunk: string): void => {
      for (const character of chunk) {
        // Raw mode hands Ctrl+C over as a character.
        if (character === '\u0003') process.kill(process.pid, 'SIGINT');
        if ('\r\n\u0003\u0004'.includes(character)) {
          finish();
          return;
        }
        if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1);
        else typed += character;
      }
    };
    stdin.on('data', take);
    interrupted.addEventListener('abort', finish, { once: true });
  });
}
