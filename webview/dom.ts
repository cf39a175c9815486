type Child = Node | string | false | null | undefined | readonly Child[];

/**
 * Attributes by their HTML names; `on…` adds a listener, `true` is an attribute without a value, `false` and undefined
 * leave it out.
 */
export type Attributes = Record<string, string | number | boolean | undefined | ((event: Event) => void)>;

/**
 * An element with its attributes and children. Strings become text, never markup: most of what is shown was written by
 * strangers.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function fill<E extends Element>(element: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child);
    else if (child) element.append(child as Node | string);
  }
}

/**
 * Replaces what `element` shows. The control that had the focus gets it back if it is still there, known by its
 * `data-key`,
 * and tables keep the place to which they were scrolled.
 */
export function show(element: Element, ...children: Child[]): void {
  const active = document.activeElement;
  const key = active && element.contains(active) ? active.getAttribute('data-key') : null;
  const scrolled = [...element.querySelectorAll('[data-scroll]')].map(
    (e) => [e.getAttribute('data-scroll'), e.scrollLeft, e.scrollTop] as const,
  );
  element.replaceChildren();
  append(element, children);
  for (const [name, left, top] of scrolled)
    if (left > 0 || top > 0) element.querySelector(`[data-scroll="${name}"]`)?.scrollTo({ left, top });
  if (key !== null)
    (element.querySelector(`[data-key="${CSS.escape(key)}"]`) as HTMLElement | null)?.focus({ preventScroll: true });
}

/** Goes on after the browser has painted what there is. */
export function afterPaint(): Promise<void> {
  return new Promise((done) => {
    requestAnimationFrame(() => {
      setTimeout(done);
    });
    setTimeout(done, 100);
  });
}
