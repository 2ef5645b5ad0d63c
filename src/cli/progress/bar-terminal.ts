import type { ProgressStream } from './reporter.js';

const CLEAR_TO_RIGHT = '\x1b[K';
const DEFAULT_COLUMNS = 80;

/**
 * The terminal as cli-progress sees it. Unlike its own it never hides the cursor, never turns line wrapping off and
 * never jumps to a saved position: so there is nothing to restore, even after kill -9, and a scrolled screen does no harm.
 * A frame is one write, without flicker.
 */
export class BarTerminal {
  readonly #stream: ProgressStream;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  write(frame: string): void {
    this.#stream.write(`\r${frame}${CLEAR_TO_RIGHT}`);
  }

  clearLine(): void {
    this.#stream.write(`\r${CLEAR_TO_RIGHT}`);
  }

  newline(): void {
    this.#stream.write('\n');
  }

  writeLine(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  getWidth(): number {
    const { columns = 0 } = this.#stream;
    // Some pseudo-terminals have no size: 0 columns.
    return columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  isTTY(): boolean {
    return true;
  }

  cursor(): void {}
  cursorSave(): void {}
  cursorRestore(): void {}
  cursorTo(): void {}
  clearRight(): void {}
  lineWrapping(): void {}
}
