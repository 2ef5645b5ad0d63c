import { describe, expect, it } from 'vitest';
import { EXIT_STATUSES } from '../../src/cli/exit-statuses.js';
import { chooseHelpWidth, findHelpSections } from '../../src/cli/help.js';
import { createProgram } from '../../src/cli/program.js';

const program = createProgram();
const help = program.createHelp();
const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
const WIDTH = 100;

describe.each(commands.map((command) => [command.name(), command] as const))(
  'the help of %s',
  (name, command) => {
    const sections = findHelpSections(command);

    it('has examples of the command itself', () => {
      expect(sections?.examples.length).toBeGreaterThan(0);
      for (const example of sections?.examples ?? []) expect(example.split(' ')).toContain(name);
    });

    it('has exit statuses, in order', () => {
      const all = Object.keys(EXIT_STATUSES);
      expect(sections?.statuses).toEqual(
        all.filter((status) => sections?.statuses.some((own) => own === status)),
      );
      expect(sections?.statuses).toEqual(expect.arrayContaining(['0', '1', '2']));
    });

    it('uses only flags in its examples that there are', () => {
      const own = [...command.options, ...program.options].flatMap(({ long }) => (long ? [long] : []));
      const used = (sections?.examples ?? [])
        .filter((example) => example.startsWith(`${name} `))
        .flatMap((example) => example.replace(/#.*/, '').match(/(?<= )--[a-z-]+/g) ?? []);
      expect([...own, '--help', '--explain']).toEqual(expect.arrayContaining(used));
    });

    it('has a description of everything, and no line too long but of an example', () => {
      expect(command.description()).not.toBe('');
      for (const one of [...help.visibleOptions(command), ...command.registeredArguments])
        expect(one.description).not.toBe('');
      const text = help.formatHelp(command, Object.assign(command.createHelp(), { helpWidth: WIDTH }));
      expect(text.split('\n').filter((line) => line.length > WIDTH)).toEqual([]);
    });
  },
);

describe('chooseHelpWidth', () => {
  it.each([
    [{}, 100],
    [{ isTTY: true, columns: 80 }, 80],
    [{ isTTY: true, columns: 300 }, 100],
    [{ isTTY: true, columns: 20 }, 60],
    [{ isTTY: true }, 100],
  ])('of %j is %i', (stream, width) => {
    expect(chooseHelpWidth(stream)).toBe(width);
  });
});
