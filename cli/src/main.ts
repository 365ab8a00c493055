import { createMessages } from '@tallylight/messages';
import { cliCatalog } from '@tallylight/messages/cli';
import { chosenLanguage } from './chosen-language.js';
import { endWithNpx } from './end-with-npx.js';
import { interruptSignal } from './process-signals.js';
import { runProgram } from './run-program.js';

const { argv, env: environment, stdin, stdout, stderr } = process;
const messages = createMessages(chosenLanguage(argv, environment), cliCatalog);
const interrupted = interruptSignal(process, (signal) => {
  // Other signals come from programs, which have no keyboard.
  const text = messages.t(signal === 'SIGINT' ? 'cli.stopping' : 'cli.stoppingBySignal');
  stderr.write(`\n${text}\n`);
});
endWithNpx(process, environment);
const code = await runProgram({
  ...{ argv, environment, stdin, stdout, stderr, interrupted, messages },
});
// Whatever a failure may have left open must not keep a finished command alive.
process.exit(code);
