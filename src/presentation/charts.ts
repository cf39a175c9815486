import type { TopLevelSpec } from 'vega-lite';
import type { TlsCode } from '../core/model';
import type { Place } from '../core/report/order';

/** The colours, fonts and patterns of the charts. */
export interface Theme {
  foreground: string;
  muted: string;
  grid: string;
  background: string;
  font: string;
  fontSize: number;
  /** Colours of the lines of the volume chart, in order, and of the line of all others. */
  lines: readonly string[];
  others: string;
  /** Fill of each TLS version, in the order of `tlsVersions`. */
  fills: readonly string[];
}

/** A chart and what it shows in words. */
export interface Chart {
  /** Without what changes with the period, so that a chart of the same kind need not be compiled again. */
  spec: TopLevelSpec;
  /**
   * What its marks stand for, by the names of the data sets of `spec`, and values of its parameters. Vega takes them as
   * its own, so a chart is drawn once.
   */
  data: Readonly<Record<string, object[]>>;
  values?: Readonly<Record<string, unknown>>;
  /**
   * Where the chart stands in its picture, in pixels. Without it Vega finds the room for the labels of the axes itself,
   * by drawing everything twice.
   */
  size?: { width: number; height: number; padding: Padding };
  /** The whole chart in a sentence, for those who can't see it; the figures are in its table. */
  label: string;
  /**
   * Points of lines that have no mark of their own, since they are many; the page finds the one that the pointer means.
   */
  points?: () => readonly Point[];
}

/** The room around the axes of a chart, for their labels. */
export interface Padding {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A point of a line: its bucket as on the time axis, and its height. */
export interface Point extends Mark {
  time: string;
  count: number;
}

/** What a mark stands for: `tip` is shown when the pointer is over it, `place` is the line behind it. */
export interface Mark {
  tip: string;
  place: Place | null;
}

/**
 * The fill of a TLS version: a pattern of the page (see `patterns.ts`), so that colour is never the only difference.
 */
export function fillOf(version: TlsCode): string {
  return `url(#${patternId(version)})`;
}
export function patternId(version: TlsCode): string {
  return `mail-flow-tls-${version}`;
}

/** One part of a ring. */
export interface Slice extends Mark {
  count: number;
  fill: string;
  label: string;
}

/**
 * A ring of counts in the order given, with a figure in its middle. Parts smaller than a twenty-fifth have no label at
 * the ring, since
 * theirs would lie one over the other; the table beside the chart names them all.
 * @param size outer diameter in pixels; labels stand outside of it.
 */
export function ring(slices: readonly Slice[], middle: string, label: string, size: number, theme: Theme): Chart {
  const all = slices.reduce((sum, slice) => sum + slice.count, 0);
  let before = 0;
  const values = slices
    .filter((slice) => slice.count > 0)
    .map((slice, order) => {
      // Labels grow away from the ring: to the right of its right half, to the left of its left half.
      const middleOf = (before + slice.count / 2) / all;
      before += slice.count;
      const align = Math.abs(((middleOf + 0.25) % 0.5) - 0.25) < 0.03 ? 'center' : middleOf < 0.5 ? 'left' : 'right';
      return { ...slice, order, align, label: slice.count * 25 >= all ? slice.label : '' };
    });
  const outer = size / 2,
    theta = { field: 'count', type: 'quantitative', stack: true } as const,
    order = { field: 'order', type: 'ordinal' } as const;
  return {
    label,
    data: { counts: values },
    values: { middle, between: values.length > 1 ? 2 : 0 },
    spec: {
      ...frame(theme),
      width: size,
      height: size,
      data: { name: 'counts', values: [] },
      params: [
        { name: 'middle', value: '' },
        { name: 'between', value: 0 },
      ],
      layer: [
        {
          mark: {
            type: 'arc',
            innerRadius: outer * 0.66,
            outerRadius: outer,
            stroke: theme.background,
            strokeWidth: { expr: 'between' },
            tooltip: true,
          },
          encoding: { theta, order, ...colour, ...tooltip },
        },
        {
          mark: {
            type: 'text',
            radius: outer + 10,
            align: { expr: 'datum.align' },
            baseline: 'middle',
            fill: theme.foreground,
            fontSize: theme.fontSize - 1,
          },
          encoding: { theta, order, text: { field: 'label' } },
        },
        {
          data: { values: [{}] },
          mark: { type: 'text', fontSize: Math.round(size / 6), fill: theme.foreground, text: { expr: 'middle' } },
        },
      ],
    },
  };
}

const colour = { fill: { field: 'fill', type: 'nominal', scale: null } } as const;
export const tooltip = { tooltip: { field: 'tip', type: 'nominal' } } as const;

/** What all charts have in common. */
export function frame(theme: Theme): Pick<TopLevelSpec, 'background' | 'config' | 'autosize' | 'padding'> {
  const { foreground, muted, grid, font, fontSize } = theme;
  return {
    background: 'transparent',
    padding: 4,
    config: {
      aria: false,
      font,
      view: { stroke: null },
      text: { fill: foreground, fontSize, font },
      axis: {
        labelColor: muted,
        titleColor: muted,
        labelFontSize: fontSize - 1,
        titleFontSize: fontSize - 1,
        titleFontWeight: 'normal',
        gridColor: grid,
        gridOpacity: 0.25,
        domainColor: grid,
        tickColor: grid,
        domainOpacity: 0.5,
        tickOpacity: 0.5,
      },
    },
  };
}

/** Which buckets get a label on an axis of this width: every second, third … so that they don't touch. */
export function labelled<T>(buckets: readonly T[], width: number, labelWidth: number): T[] {
  const every = Math.max(1, Math.ceil(buckets.length / Math.max(1, Math.floor(width / labelWidth))));
  return buckets.filter((_, i) => i % every === 0);
}
