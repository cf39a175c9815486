import { displayText } from '../core/text/display';

/** HTML that is complete as it is. Only functions of this file make it, so whatever else is put into a page is text. */
export class Markup {
  constructor(readonly html: string) {}
}

type Child = Markup | string | false | undefined | readonly Child[];

/** An element; strings among attributes and children become text. */
export function tag(
  name: string,
  attributes: Record<string, string | number | undefined> = {},
  ...children: Child[]
): Markup {
  const list = Object.entries(attributes)
    .flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escape(String(value))}"`]))
    .join('');
  return new Markup(empty.has(name) ? `<${name}${list}/>` : `<${name}${list}>${childrenHtml(children)}</${name}>`);
}

/** A name of the log: visible, and unable to turn the writing around it. */
export function name(text: string): Markup {
  return tag('bdi', {}, displayText(text));
}

/**
 * A drawn chart, checked once more before it goes into a page: an image of ours has no scripts, links or handlers.
 * @throws Error when it has.
 */
export function picture(svg: string, label: string): Markup {
  if (/<script|\son\w+\s*=|javascript:|<foreignObject|<use|href/i.test(svg))
    throw new Error('A chart holds something that is no drawing.');
  return new Markup(`<div class="chart" role="img" aria-label="${escape(label)}">${svg}</div>`);
}

const empty = new Set(['meta', 'br', 'rect', 'path']);

function childrenHtml(children: readonly Child[]): string {
  return children
    .map((child) =>
      child instanceof Markup
        ? child.html
        : typeof child === 'string'
          ? escape(child)
          : child
            ? childrenHtml(child as readonly Child[])
            : '',
    )
    .join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"'`]/g, (c) => `&#${c.charCodeAt(0)};`);
}
