import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import { element, type Svg } from './svg.js';

/**
 * Okabe and Ito's colours, told apart with any kind of colour vision; grey in the place of yellow, which is lost on white, and a dark violet.
 */
export const COLOURS = [
  '#000000',
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#0072b2',
  '#d55e00',
  '#cc79a7',
  '#888888',
  '#5e3c99',
] as const;

const SHAPES = [symbolCircle, symbolSquare, symbolTriangle, symbolDiamond, symbolCross, symbolStar, symbolWye];
const AREA = 34;

export function colourOf(series: number): string {
  return COLOURS[series % COLOURS.length];
}

/** Shape as well as colour says which series a point is of. */
export function marker(series: number, x: number, y: number): Svg {
  const d = symbol(SHAPES[series % SHAPES.length], AREA)() ?? '';
  return element('path', { d, transform: `translate(${x.toFixed(2)},${y.toFixed(2)})`, fill: colourOf(series) });
}
