/** Functions that are rare in networks: each lane in double precision, rounded once. */
import { exp64, log64 } from './double';
import { quarterTurns } from './quarter-turns';

export function sin4(x: v128): v128 {
  return lanes(
    sin(v128.extract_lane<f32>(x, 0), 0),
    sin(v128.extract_lane<f32>(x, 1), 0),
    sin(v128.extract_lane<f32>(x, 2), 0),
    sin(v128.extract_lane<f32>(x, 3), 0),
  );
}

export function cos4(x: v128): v128 {
  return lanes(
    sin(v128.extract_lane<f32>(x, 0), 1),
    sin(v128.extract_lane<f32>(x, 1), 1),
    sin(v128.extract_lane<f32>(x, 2), 1),
    sin(v128.extract_lane<f32>(x, 3), 1),
  );
}

/** As ECMAScript's `Math.pow`. */
export function pow4(x: v128, y: v128): v128 {
  return lanes(
    pow(v128.extract_lane<f32>(x, 0), v128.extract_lane<f32>(y, 0)),
    pow(v128.extract_lane<f32>(x, 1), v128.extract_lane<f32>(y, 1)),
    pow(v128.extract_lane<f32>(x, 2), v128.extract_lane<f32>(y, 2)),
    pow(v128.extract_lane<f32>(x, 3), v128.extract_lane<f32>(y, 3)),
  );
}

function lanes(a: f64, b: f64, c: f64, d: f64): v128 {
  let y = v128.splat<f32>(<f32>a);
  y = v128.replace_lane<f32>(y, 1, <f32>b);
  y = v128.replace_lane<f32>(y, 2, <f32>c);
  return v128.replace_lane<f32>(y, 3, <f32>d);
}

/** sin(x + quarters · π/2) of a float32 x: x = n · π/2 + r with |r| <= π/4. */
function sin(x: f64, quarters: i64): f64 {
  const size = abs(x);
  if (size == 0 && quarters == 0) return x;
  if (size < 1048576) {
    const n = nearest(x * 0.6366197723675814);
    // π/2 in three parts, the first two short enough that their products with n are exact.
    const r = x - n * 1.5707963267341256 - n * 6.0771005063039e-11 - n * 2.0222662487959506e-21;
    return sinOfRest(r, <i64>n + quarters);
  }
  if (!(size < Infinity)) return NaN;
  const turns = quarterTurns(size);
  const n = <i64>((turns + 0x2000000000000000) >> 62);
  // What is left beside n quarters: 64 bits after the point, with a sign.
  const r = <f64>(<i64>(turns << 2)) * (1.5707963267948966 / 18446744073709551616.0);
  return x < 0 ? sinOfRest(-r, quarters - n) : sinOfRest(r, quarters + n);
}

/** sin(r + quarters · π/2) with |r| <= π/4, by the series of sin r or cos r. */
function sinOfRest(r: f64, quarters: i64): f64 {
  const square = r * r;
  const quarter = quarters & 3;
  let sum: f64 = 1;
  if ((quarter & 1) == 0) {
    for (let i = 16; i > 0; i -= 2) sum = 1 - (sum * square) / <f64>(i * (i + 1));
    sum *= r;
  } else {
    for (let i = 16; i > 0; i -= 2) sum = 1 - (sum * square) / <f64>(i * (i - 1));
  }
  return (quarter & 2) == 0 ? sum : -sum;
}

function pow(x: f64, y: f64): f64 {
  if (y == 0) return 1;
  const size = exp64(y * log64(abs(x)));
  if (x > 0 || x != x) return size;
  const isInteger = floor(y) == y;
  if (x < 0 && !isInteger && abs(x) != Infinity && abs(y) != Infinity) return NaN;
  const isOdd = isInteger && abs(y) < 9007199254740992.0 && floor(y / 2) * 2 != y;
  return isOdd ? copysign<f64>(size, x) : size;
}
