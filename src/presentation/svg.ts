import type { Chart } from './charts';
import { viewOf } from './compile';
import type { Text } from './text';

/** A chart as the text of an SVG image. Colours that are CSS variables stay so. */
export async function drawSvg(chart: Chart, text: Text): Promise<string> {
  const view = viewOf(chart, text, { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}
