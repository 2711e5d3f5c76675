import { scaleLinear, type ScaleLinear } from 'd3-scale';
import type { Axis } from './axis.js';
import { element, label, type Svg } from './svg.js';

/** A rectangle of a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels that titles and numbers need around the plane itself. */
export const MARGIN = { left: 62, right: 18, top: 34, bottom: 48 } as const;

const GRID = '#e4e4e4';
const FAINT = '#666666';
const PIXELS_PER_TICK = { x: 60, y: 36 } as const;

/** A box with two axes: places of values in it, grid, numbers and names. */
export class Plane {
  readonly inner: Box;
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
  readonly #axes: { readonly x: Axis; readonly y: Axis };

  /** @param upwards - whether y grows from the bottom to the top, as it does but for lists */
  constructor(outer: Box, axes: { readonly x: Axis; readonly y: Axis }, upwards = true) {
    this.inner = {
      left: outer.left + MARGIN.left,
      top: outer.top + MARGIN.top,
      width: outer.width - MARGIN.left - MARGIN.right,
      height: outer.height - MARGIN.top - MARGIN.bottom,
    };
    this.#axes = axes;
    const { left, top, width, height } = this.inner;
    this.x = scaleLinear([...axes.x.domain], [left, left + width]);
    this.y = scaleLinear([...axes.y.domain], upwards ? [top + height, top] : [top, top + height]);
  }

  /** What lies behind the data. */
  grid(title: string): Svg[] {
    const { left, top, width, height } = this.inner;
    const { x, y } = this.#axes;
    const [middle, bottom] = [left + width / 2, top + height];
    const numbersAt = { 'font-size': 11, fill: FAINT };
    return [
      label(title, { x: left, y: top - 12, 'font-size': 13, 'font-weight': 600 }),
      ...ticks(this.x, x, width / PIXELS_PER_TICK.x).flatMap((value) => [
        line(this.x(value), top, this.x(value), bottom),
        label(shown(value), { ...numbersAt, x: this.x(value), y: bottom + 16, 'text-anchor': 'middle' }),
      ]),
      ...ticks(this.y, y, height / PIXELS_PER_TICK.y).flatMap((value) => [
        line(left, this.y(value), left + width, this.y(value)),
        label(shown(value), { ...numbersAt, x: left - 8, y: this.y(value) + 4, 'text-anchor': 'end' }),
      ]),
      label(x.label, { x: middle, y: bottom + 36, 'text-anchor': 'middle' }),
      label(y.label, {
        transform: `translate(${left - 46},${top + height / 2}) rotate(-90)`,
        'text-anchor': 'middle',
      }),
    ];
  }

  /** What lies before the data. */
  border(): Svg {
    const { left, top, width, height } = this.inner;
    return element('rect', { x: left, y: top, width, height, fill: 'none', stroke: '#999999' });
  }

  /** Draws only what lies inside; `id` is the picture's own for this plane. */
  clipped(id: string, parts: readonly Svg[]): Svg[] {
    const { left, top, width, height } = this.inner;
    const room = element('rect', { x: left - 3, y: top - 3, width: width + 6, height: height + 3 });
    return [element('clipPath', { id }, [room]), element('g', { 'clip-path': `url(#${id})` }, parts)];
  }
}

function ticks(scale: ScaleLinear<number, number>, { integers = false }: Axis, count: number): number[] {
  const all = scale.ticks(Math.max(2, Math.floor(count)));
  return integers ? all.filter(Number.isInteger) : all;
}

function line(x1: number, y1: number, x2: number, y2: number): Svg {
  return element('line', { x1, y1, x2, y2, stroke: GRID });
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 6 });
}
