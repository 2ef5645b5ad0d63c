import { createElement, createShape } from './dom.js';

/** A rectangle in a drawing, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a cursor walks over: the items of a drawing, by index. */
export interface Walk {
  /** What the chart is, for those who cannot see it. */
  readonly label: string;
  /** The item at a place of the drawing, if any. */
  hit(x: number, y: number): number | undefined;
  boxOf(item: number): Box;
  /** The item to the right or below by so many; the same one where there is none. */
  move(item: number, right: number, down: number): number;
  /** Lines about an item; the first one stands out. */
  describe(item: number): readonly string[];
  /** Where the keyboard begins. */
  readonly start: number;
  /** Called for an item that is clicked, or on which Enter is pressed. */
  pick?(item: number): void;
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  PageUp: [0, -10],
  PageDown: [0, 10],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

/** Shows exact figures of the item under the pointer, or of the one that the arrow keys have moved to. */
export class Cursor {
  readonly #container: HTMLElement;
  readonly #tip = createElement('div', { class: 'tip', hidden: '', 'aria-hidden': 'true' });
  readonly #spoken = createElement('div', { class: 'unseen', role: 'status' });
  #outline: SVGRectElement | undefined;
  #walk: Walk | undefined;
  #item: number | undefined;

  constructor(container: HTMLElement) {
    this.#container = container;
    container.tabIndex = 0;
    container.setAttribute('role', 'application');
    container.append(this.#tip, this.#spoken);
    container.addEventListener('pointermove', (event) => this.#show(this.#itemUnder(event)));
    container.addEventListener('pointerdown', (event) => this.#show(this.#itemUnder(event)));
    container.addEventListener('pointerleave', () => this.#show(undefined));
    container.addEventListener('click', (event) => this.#pick(this.#itemUnder(event)));
    container.addEventListener('blur', () => this.#show(undefined));
    container.addEventListener('keydown', (event) => this.#press(event));
  }

  /** Takes a new drawing: the old one goes. */
  attach(svg: SVGElement, walk: Walk): void {
    this.#container.querySelector('svg')?.remove();
    this.#outline = createShape('rect', { class: 'outline', visibility: 'hidden' });
    svg.append(this.#outline);
    svg.setAttribute('aria-hidden', 'true');
    this.#container.prepend(svg);
    this.#container.setAttribute('aria-label', walk.label);
    this.#walk = walk;
    this.#show(undefined);
  }

  #itemUnder({ clientX, clientY }: MouseEvent): number | undefined {
    const frame = this.#container.querySelector('svg')?.getBoundingClientRect();
    return frame && this.#walk?.hit(clientX - frame.left, clientY - frame.top);
  }

  #pick(item: number | undefined): void {
    if (item !== undefined) this.#walk?.pick?.(item);
  }

  #press(event: KeyboardEvent): void {
    const walk = this.#walk;
    if (!walk || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') return this.#show(undefined);
    if (event.key === 'Enter') return this.#pick(this.#item);
    const [right, down] = STEPS[event.key] ?? [];
    if (right === undefined || down === undefined) return;
    event.preventDefault();
    const item = this.#item === undefined ? walk.start : walk.move(this.#item, right, down);
    this.#show(item);
    this.#spoken.textContent = walk.describe(item).join(', ');
  }

  #show(item: number | undefined): void {
    this.#item = item;
    this.#tip.hidden = item === undefined;
    this.#outline?.setAttribute('visibility', item === undefined ? 'hidden' : 'visible');
    if (item === undefined || !this.#walk) return;
    const box = this.#walk.boxOf(item);
    for (const [name, value] of Object.entries(box)) this.#outline?.setAttribute(name, String(value));
    this.#tip.replaceChildren(
      ...this.#walk
        .describe(item)
        .map((line, i) => createElement(i === 0 ? 'strong' : 'div', { dir: 'auto' }, line)),
    );
    this.#place(box);
  }

  /** Beside the item, on the side with more room, so that it never covers it nor leaves the chart. */
  #place({ x, y, width, height }: Box): void {
    const { clientWidth } = this.#container;
    const isLeft = x + width / 2 > clientWidth / 2;
    this.#tip.style.left = isLeft ? 'auto' : `${x + width + 10}px`;
    this.#tip.style.right = isLeft ? `${clientWidth - x + 10}px` : 'auto';
    this.#tip.style.top = `${Math.max(0, y + height / 2 - this.#tip.offsetHeight / 2)}px`;
  }
}
