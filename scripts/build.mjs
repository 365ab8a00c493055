// `npm run build`: compiles the packages, and bundles the command line and the app, which are made of the sources: all at once.
import { collect } from './steps.mjs';

/** @type {[string, string[]][]} */
const commands = [
  ['npx', ['tsc', '-b']],
  ['node', ['scripts/build-cli.mjs']],
  ['npx', ['electron-vite', 'build', '--logLevel', 'warn']],
];

await Promise.all(
  commands.map(async ([command, args]) => {
    const { code, output } = await collect(command, args);
    process.stdout.write(output);
    if (code !== 0) process.exitCode = 1;
  }),
);
