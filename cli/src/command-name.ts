import type { Command } from 'commander';

/**
 * The command that `argv` names, as it is typed: `tallylight profiles add`.
 *
 * @param called how the program is called.
 */
export function commandName(
  program: Command,
  argv: readonly string[],
  called = program.name(),
): string {
  let [command, name] = [program, called];
  for (const word of argv) {
    const named = command.commands.find(
      (each) => each.name() === word || each.aliases().includes(word),
    );
    if (!named) continue;
    command = named;
    name = `${name} ${named.name()}`;
  }
  return name;
}
