import { Error as onlyErrors, parse, View, type Runtime, type ViewOptions } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile } from 'vega-lite';
import type { Chart } from './charts';
import type { Text } from './text';

/** Warnings of the compiler concern no reader. */
const silent = {
  level: () => silent,
  error: () => silent,
  warn: () => silent,
  info: () => silent,
  debug: () => silent,
};

/** Charts compiled lately, by their specifications and the language of their numbers. */
const compiled = new Map<string, Runtime>();
const mostCompiled = 32;

/** A chart as Vega runs it. Its expressions are kept as syntax trees, since the page may not make code from text. */
function prepare({ spec }: Chart, text: Text): Runtime {
  const key = `${text.language} ${JSON.stringify(spec)}`;
  let runtime = compiled.get(key);
  if (!runtime) {
    runtime = parse(
      compile(spec, { logger: silent, config: { locale: { number: text.vegaNumbers() } } }).spec,
      undefined,
      { ast: true },
    );
    if (compiled.size === mostCompiled) compiled.delete(compiled.keys().next().value!);
    compiled.set(key, runtime);
  }
  return runtime;
}

/** What each view was made from. */
const runtimes = new WeakMap<View, Runtime>();

/** A chart that is ready to run. */
export function viewOf(chart: Chart, text: Text, options: ViewOptions): View {
  const runtime = prepare(chart, text),
    view = new View(runtime, { ...safely, ...options });
  runtimes.set(view, runtime);
  fill(view, chart);
  return view;
}

/**
 * Gives the figures of a chart to the view of another one of the same kind, which is then ready to run. @returns
 * whether it is of the same kind.
 */
export function refill(view: View, chart: Chart, text: Text): boolean {
  if (runtimes.get(view) !== prepare(chart, text)) return false;
  fill(view, chart);
  return true;
}

function fill(view: View, chart: Chart): void {
  for (const [name, marks] of Object.entries(chart.data)) view.data(name, marks);
  for (const [name, value] of Object.entries(chart.values ?? {})) view.signal(name, value);
  if (chart.size) view.width(chart.size.width).height(chart.size.height).padding(chart.size.padding);
}

/** Charts need no file and no network, so whatever asks for one is refused. */
const refuse = () => Promise.reject(new Error('Charts load nothing.'));

/** How every chart is run: its expressions by an interpreter, and without any loading. */
const safely: ViewOptions = {
  expr: expressionInterpreter,
  loader: { load: refuse, sanitize: refuse, http: refuse, file: refuse },
  logLevel: onlyErrors,
};
