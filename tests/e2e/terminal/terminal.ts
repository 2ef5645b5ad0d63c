import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { COMMAND, readNeutralEnvironment } from '../harness.js';

const BRIDGE = fileURLToPath(new URL('bridge.py', import.meta.url));
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
  readonly #bridge: ReturnType<typeof startBridge>;
  #hasEnded = false;

  constructor(command: readonly string[], { cwd, columns = 80, env = {} }: TerminalOptions) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows: ROWS,
      scrollback: 1000,
      allowProposedApi: true,
    });
    this.#bridge = startBridge(command, columns, { cwd, env });
    this.#bridge.stdout.on('data', (chunk: Buffer) => {
      this.raw += chunk.toString();
      this.#terminal.write(chunk);
    });
    this.#bridge.finally(() => (this.#hasEnded = true)).catch(() => undefined);
    onTestFinished(() => void this.#bridge.kill('SIGKILL'));
  }

  /** The exit status of the command, 128 + n where a signal ended it; all of its output is on the screen by then. */
  async waitForEnd(): Promise<number | undefined> {
    const { exitCode } = await this.#bridge;
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
    this.#order({ press: text });
  }

  resize(columns: number): void {
    this.#terminal.resize(columns, ROWS);
    this.#order({ size: [columns, ROWS] });
  }

  kill(signal: NodeJS.Signals): void {
    this.#order({ signal: constants.signals[signal] });
  }

  #order(order: object): void {
    this.#bridge.stdin.write(`${JSON.stringify(order)}\n`);
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

function startBridge(command: readonly string[], columns: number, options: { cwd: string; env: object }) {
  const environment = { ...readNeutralEnvironment(), TERM: 'xterm-256color', ...options.env };
  return execa('python3', ['-B', BRIDGE, String(columns), String(ROWS), ...command], {
    reject: false,
    extendEnv: false,
    cwd: options.cwd,
    env: environment,
    stdin: 'pipe',
    encoding: 'buffer',
  });
}
