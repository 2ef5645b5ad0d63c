const SVG = 'http://www.w3.org/2000/svg';

/** Makes an element with attributes and children. Text is always text, whatever it holds. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Makes an element of a drawing. */
export function draw(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  ...children: (Node | string)[]
): SVGElement {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Sets a text that has changed: one that has not is left alone, so that a selection stays. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** A panel with a heading. */
export function makePanel(title: string, ...children: (Node | string)[]): HTMLElement {
  return make('section', { class: 'panel' }, make('h2', {}, title), ...children);
}

/** A part of the page that follows the build. */
export interface Part<State> {
  readonly element: HTMLElement;
  update(state: State): void;
}
