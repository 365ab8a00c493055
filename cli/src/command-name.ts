import type { Command } from 'commander';

/** The command that `argv` names, as it is typed: `tallylight profiles add`. */
export function commandName(program: Command, argv: readonly string[]): string {
  let [command, name] = [program, program.name()];
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
