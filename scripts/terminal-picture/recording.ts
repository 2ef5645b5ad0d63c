import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** Text of one look, from a column on. */
export interface Run {
  readonly column: number;
  readonly text: string;
  readonly look: 'plain' | 'bold' | 'green' | 'prompt';
}

/** What a row of the screen shows from a time on. */
export interface RowVersion {
  readonly row: number;
  readonly fromMs: number;
  readonly runs: readonly Run[];
}

const GREEN = 2;
const PROMPT = '$ ';
/** Hands type at some such pace; three letters at a time keep the picture small. */
const TYPED_AT_ONCE = 3;
const TYPING_MS = 110;
const READING_MS = 1200;

/** Real commands in a real pseudo-terminal, and what each row of its screen showed when. */
export class Recording {
  readonly columns: number;
  readonly rows: number;
  readonly versions: RowVersion[] = [];
  /** The time of what is shown: that of the commands, and of typing and reading in between. */
  nowMs = 400;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  /** Types `shown` at the prompt, runs `command` in the folder `cwd`, and waits as a reader does. */
  async run(shown: string, command: readonly string[], cwd: string): Promise<void> {
    await this.#write(PROMPT);
    for (let at = 0; at < shown.length; at += TYPED_AT_ONCE) {
      this.nowMs += TYPING_MS;
      await this.#write(shown.slice(at, at + TYPED_AT_ONCE));
    }
    await this.#write('\r\n');
    const startMs = performance.now() - this.nowMs;
    const [program = '', ...args] = command;
    const env = { ...process.env, CI: '' };
    const child = spawn(program, args, {
      name: 'xterm-256color',
      cols: this.columns,
      rows: this.rows,
      cwd,
      env,
    });
    let written = Promise.resolve();
    child.onData((chunk) => {
      const atMs = performance.now() - startMs;
      written = written.then(async () => {
        this.nowMs = atMs;
        await this.#write(chunk);
      });
    });
    await new Promise<void>((resolve) => {
      child.onExit(() => {
        resolve();
      });
    });
    await written;
    this.nowMs += READING_MS;
  }

  /** An empty prompt, as it is left behind. */
  async finish(): Promise<void> {
    await this.#write(PROMPT);
  }

  async #write(data: string): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#terminal.write(data, resolve);
    });
    for (let row = 0; row < this.rows; row++) this.#keep(row, this.#readRow(row));
  }

  #keep(row: number, runs: readonly Run[]): void {
    const last = this.versions.findLast((version) => version.row === row);
    if (JSON.stringify(last?.runs ?? []) === JSON.stringify(runs)) return;
    this.versions.push({ row, fromMs: Math.round(this.nowMs), runs });
  }

  #readRow(row: number): Run[] {
    if (this.#terminal.buffer.active.baseY > 0)
      throw new Error('the screen scrolls: give the picture more rows');
    const line = this.#terminal.buffer.active.getLine(row);
    const runs: { column: number; text: string; look: Run['look'] }[] = [];
    const text = line?.translateToString(true) ?? '';
    for (let column = 0; column < text.length; column++) {
      const cell = line?.getCell(column);
      const isPrompt = column === 0 && text.startsWith(PROMPT);
      const colour = cell?.getFgColor() === GREEN ? 'green' : cell?.isBold() ? 'bold' : 'plain';
      const look = isPrompt ? 'prompt' : colour;
      const last = runs.at(-1);
      if (last?.look === look) last.text += text[column] ?? '';
      else runs.push({ column, text: text[column] ?? '', look });
    }
    return runs.filter((run) => run.text.trim() !== '');
  }
}
