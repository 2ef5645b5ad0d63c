import type { ProgressStream } from './reporter.js';

const CLEAR_TO_RIGHT = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';
const WRAP_OFF = '\x1b[?7l';
const WRAP_ON = '\x1b[?7h';
const DEFAULT_COLUMNS = 80;

/**
 * The terminal as cli-progress sees it. A frame is one write that leaves the terminal as it found it: the cursor is never
 * hidden, no position is saved, and wrapping is off within the write alone, so that a frame that was made for a wider
 * terminal takes one line. So there is nothing to restore, even after kill -9. The cursor rests at the beginning of the bar's
 * line: wherever a terminal that becomes narrower puts what was there, the next frame begins at its beginning.
 */
export class BarTerminal {
  readonly #stream: ProgressStream;
  /** Past any stand-in that others are given. */
  readonly #write: (text: string) => void;
  #frameColumns = 0;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
    const write = stream.write.bind(stream);
    this.#write = (text) => void write(text);
  }

  write(frame: string): void {
    this.#write(`\r${WRAP_OFF}${frame}${this.#clear()}${WRAP_ON}\r`);
    this.#frameColumns = this.getWidth();
  }

  clearLine(): void {
    this.#write(`\r${this.#clear()}`);
  }

  newline(): void {
    this.#write('\n');
  }

  writeLine(text: string): void {
    this.#write(`${text}\n`);
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

  /** A terminal that has become narrower may have broken the last frame into several lines. */
  #clear(): string {
    return this.getWidth() < this.#frameColumns ? CLEAR_BELOW : CLEAR_TO_RIGHT;
  }
}
