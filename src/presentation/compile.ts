import { Error as onlyErrors, parse, type Runtime, type ViewOptions } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import type { Chart } from './charts';
import type { Text } from './text';

/** Warnings of the compiler concern no reader. */
const silent = { level: () => silent, error: () => silent, warn: () => silent, info: () => silent, debug: () => silent };

/** A chart as Vega runs it. Its expressions are kept as syntax trees, since the page may not make code from text. */
export function prepare(chart: Chart, text: Text): Runtime {
  return parse(compile(chart.spec, { logger: silent, config: { locale: { number: text.vegaNumbers() } } }).spec, undefined, { ast: true });
}

/** Charts need no file and no network, so whatever asks for one is refused. */
const refuse = () => Promise.reject(new Error('Charts load nothing.'));

/** How every chart is run: its expressions by an interpreter, and without any loading. */
export const safely: ViewOptions = { expr: expressionInterpreter, loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse }, logLevel: onlyErrors };
