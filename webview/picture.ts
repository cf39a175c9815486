import { patterns } from './patterns';

/**
 * A drawn chart as the text of an SVG that stands alone: with the patterns it uses, its background and the colours of
 * the theme as they are now.
 */
export function standAlone(picture: SVGSVGElement): string {
  const copy = picture.cloneNode(true) as SVGSVGElement,
    fills = patterns().querySelector('defs')!;
  const shown = [...document.querySelectorAll('.patterns pattern > *')],
    plain = [...fills.querySelectorAll('pattern > *')];
  plain.forEach((element, i) => {
    const style = getComputedStyle(shown[i]);
    for (const property of ['fill', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-linecap'])
      element.setAttribute(property, style.getPropertyValue(property));
  });
  const colours = getComputedStyle(document.body),
    background = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of [
    ['width', '100%'],
    ['height', '100%'],
    ['fill', colours.getPropertyValue('--vscode-editor-background').trim() || 'white'],
  ])
    background.setAttribute(name, value);
  // What the style sheet of the page gives to the map.
  const drawn = [...picture.querySelectorAll('text, path, rect')];
  [...copy.querySelectorAll('text, path, rect')].forEach((element, i) => {
    for (const property of ['fill', 'fill-opacity', 'opacity', 'font-family', 'font-size']) {
      const value = getComputedStyle(drawn[i]).getPropertyValue(property);
      if (!value.startsWith('url(')) element.setAttribute(property, value);
    }
  });
  copy.prepend(fills, background);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return new XMLSerializer().serializeToString(copy);
}

/** A picture as PNG in base 64, twice as large as on screen. */
export async function png(picture: SVGSVGElement): Promise<string> {
  const { width, height } = picture.getBoundingClientRect(),
    image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standAlone(picture))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').split(',')[1];
}
