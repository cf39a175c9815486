/** Draws charts outside of a page. A bundle of its own: Vega is large, and only an export with charts needs it. */
export { drawSvg } from '../presentation/svg';
