import { line } from 'd3-shape';
import { legend } from './chart/legend.js';
import type { Axis } from './chart/axis.js';
import { Plane } from './chart/plane.js';
import { colourOf, marker } from './chart/series-style.js';
import { element, label, picture, wrapped, type Svg } from './chart/svg.js';

/** A line of a chart. */
export interface LineSeries {
  /** Equal names have one colour, and one entry of the legend, in all charts of a picture. */
  readonly name: string;
  /** By x. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Lines over two axes. */
export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly LineSeries[];
}

/** Charts side by side that share a legend. */
export interface LineCharts {
  readonly title: string;
  readonly subtitle: string;
  /** Charts in a row. */
  readonly columns: number;
  /** Row by row. */
  readonly charts: readonly LineChart[];
}

const EDGE = 16;
const CELL = { width: 390, height: 310 } as const;
/** Of the picture's width, so that titles have room. */
const LEAST_COLUMNS = 2;
const TITLE = 30;
const LINE = 18;

/** An SVG picture of several charts of lines. */
export function lineCharts({ title, subtitle, columns, charts }: LineCharts): string {
  const names = [...new Set(charts.flatMap(({ series }) => series.map(({ name }) => name)))];
  const width = 2 * EDGE + Math.max(columns, LEAST_COLUMNS) * CELL.width;
  const entries = names.map((name, series) => ({ name, kind: 'line' as const, series }));
  const [left, inside] = [EDGE + 8, width - 2 * EDGE - 16];
  const lines = wrapped(subtitle, inside);
  const titles = EDGE + TITLE + LINE * lines.length;
  const key = legend(entries, { left, top: titles + 6, width: inside });
  const top = titles + 6 + key.height + 8;
  const cells = charts.flatMap((chart, i) => {
    const [column, row] = [i % columns, Math.floor(i / columns)];
    const box = { left: EDGE + column * CELL.width, top: top + row * CELL.height, ...CELL };
    return chartIn(new Plane(box, chart), chart, `chart-${i}`, names);
  });
  const height = top + Math.ceil(charts.length / columns) * CELL.height + EDGE;
  return picture({ width, height }, title, [
    label(title, { x: left, y: EDGE + 20, 'font-size': 18, 'font-weight': 600 }),
    ...lines.map((text, i) => label(text, { x: left, y: EDGE + TITLE + 12 + LINE * i, fill: '#666666' })),
    ...key.parts,
    ...cells,
  ]);
}

function chartIn(plane: Plane, { title, series }: LineChart, id: string, names: readonly string[]): Svg[] {
  const path = line<{ x: number; y: number }>(
    ({ x }) => plane.x(x),
    ({ y }) => plane.y(y),
  );
  const [low, high] = plane.y.domain();
  const drawn = series.flatMap(({ name, points }) => {
    const number = names.indexOf(name);
    const stroke = colourOf(number);
    const inside = points.filter(({ y }) => y >= low && y <= high);
    return [
      element('path', { d: path(points) ?? '', fill: 'none', stroke, 'stroke-width': 1.75, 'stroke-opacity': 0.85 }),
      ...inside.map(({ x, y }) => marker(number, plane.x(x), plane.y(y))),
    ];
  });
  return [...plane.grid(title), plane.border(), ...plane.clipped(id, drawn)];
}
