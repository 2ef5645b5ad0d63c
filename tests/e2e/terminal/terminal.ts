import { setTimeout as sleep } from 'node:timers/promises';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';
import { COMMAND, readNeutralEnvironment } from '../harness.js';

const ROWS = 30;

interface TerminalOptions {
  readonly cwd: string;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command in a pseudo-terminal, whose output a terminal emulator interprets. Ended with the test. */
export class TestTerminal {
  /** All that came out, as it came. */
  raw = '';
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  readonly #process: IPty;
  readonly #end: Promise<number>;
  #hasEnded = false;

  constructor(command: readonly string[], { cwd, columns = 80, env = {} }: TerminalOptions) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows: ROWS,
      scrollback: 1000,
      allowProposedApi: true,
    });
    this.#process = startProcess(command, columns, { cwd, env });
    this.#process.onData((chunk) => {
      this.raw += chunk;
      this.#terminal.write(chunk);
    });
    this.#end = new Promise((resolve) => {
      this.#process.onExit(({ exitCode, signal }) => {
        this.#hasEnded = true;
        resolve(signal === undefined || signal === 0 ? exitCode : 128 + signal);
      });
    });
    onTestFinished(() => {
      if (!this.#hasEnded) this.#process.kill('SIGKILL');
    });
  }

  /** The exit status of the command, 128 + n where a signal ended it; all of its output is on the screen by then. */
  async waitForEnd(): Promise<number> {
    const exitCode = await this.#end;
    await this.#settle();
    return exitCode;
  }

  /** Waits until a line of the screen matches; whether that came before the command ended. */
  async shows(pattern: RegExp): Promise<boolean> {
    for (;;) {
      const hadEnded = this.#hasEnded;
      if ((await this.readLines()).some((line) => pattern.test(line))) return true;
      if (hadEnded) return false;
      await sleep(10);
    }
  }

  /** All lines from the first to that of the cursor, scrolled ones too; what the terminal wrapped is one line. */
  async readLines(): Promise<string[]> {
    await this.#settle();
    const { active } = this.#terminal.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row++) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped === true) lines.push(`${lines.pop() ?? ''}${text}`);
      else lines.push(text);
    }
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  /** Rows of the screen that hold something, wrapped or not. */
  async countRows(): Promise<number> {
    await this.#settle();
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: active.length }, (_, row) =>
      active.getLine(row)?.translateToString(true),
    );
    return rows.filter((text) => text !== undefined && text !== '').length;
  }

  /** Whether the cursor stands at the beginning of an empty line, with nothing below it. */
  async isAtFreshLine(): Promise<boolean> {
    await this.#settle();
    const { active } = this.#terminal.buffer;
    if (active.cursorX !== 0) return false;
    for (let row = active.baseY + active.cursorY; row < active.length; row++)
      if (active.getLine(row)?.translateToString(true) !== '') return false;
    return true;
  }

  /** Types `text`, such as `\x03` for Ctrl-C. */
  press(text: string): void {
    this.#process.write(text);
  }

  resize(columns: number): void {
    this.#terminal.resize(columns, ROWS);
    this.#process.resize(columns, ROWS);
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  async #settle(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#terminal.write('', resolve);
    });
  }
}

/** Starts the built command in a terminal. */
export function startInTerminal(args: readonly string[], options: TerminalOptions): TestTerminal {
  return new TestTerminal([process.execPath, COMMAND, ...args], options);
}

function startProcess(
  [program = '', ...args]: readonly string[],
  columns: number,
  { cwd, env }: { cwd: string; env: Readonly<Record<string, string>> },
): IPty {
  const environment = { ...readNeutralEnvironment(), TERM: 'xterm-256color', ...env };
  // The library sets TERM to its option `name`, whatever the environment says.
  return spawn(program, args, { name: environment.TERM, cols: columns, rows: ROWS, cwd, env: environment });
}
