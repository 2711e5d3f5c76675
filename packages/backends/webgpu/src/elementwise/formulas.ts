import type { ExpressionStep } from '@convoy/engine/kernels';

/**
 * What WGSL's own functions leave open: log(1 + x) and tanh near 0, where they cancel; powers of negative numbers; sines of large
 * arguments, which WGSL bounds only within [−π, π].
 */
const FUNCTIONS: readonly string[] = [
  `fn special(bits: u32) -> f32 { return bitcast<f32>(bits); }`,
  `fn log1p_of(x: f32) -> f32 {
  if (abs(x) < 0.03) { return x * (1.0 - x * (0.5 - x * (0.33333334 - x * (0.25 - x * (0.2 - x * 0.16666667))))); }
  return log(1.0 + x);
}`,
  `fn tanh_of(x: f32) -> f32 {
  let a = min(abs(x), 10.0);
  if (a < 0.1) { let s = x * x; return x * (1.0 - s * (0.33333334 - s * (0.13333334 - s * 0.05396825))); }
  let e = exp(-2.0 * a);
  return sign(x) * (1.0 - e) / (1.0 + e);
}`,
  `fn pow_of(x: f32, y: f32) -> f32 {
  if (y == 0.0) { return 1.0; }
  if (x == 0.0) { return select(0.0, special(0x7f800000u), y < 0.0); }
  let magnitude = pow(abs(x), y);
  if (x > 0.0) { return magnitude; }
  if (y != floor(y)) { return special(0x7fc00000u); }
  return select(magnitude, -magnitude, abs(y) - 2.0 * floor(abs(y) * 0.5) == 1.0);
}`,
  `fn quarter_sin(r: f32) -> f32 {
  let s = r * r;
  return r * (1.0 - s * (0.16666667 - s * (0.008333334 - s * (0.00019841270 - s * 0.0000027557319))));
}`,
  `fn quarter_cos(r: f32) -> f32 {
  let s = r * r;
  return 1.0 - s * (0.5 - s * (0.041666668 - s * (0.0013888889 - s * (0.000024801588 - s * 0.00000027557319))));
}`,
  // x = turns · π/2 + r with |r| <= π/4; π/2 in three parts, the first two of few bits, so that the products are exact.
  `fn turn_of(x: f32, more: i32) -> f32 {
  let turns = round(x * 0.63661975);
  let r = ((x - turns * 1.5703125) - turns * 0.00048351288) - turns * 0.00000031385570;
  let quarter = (i32(turns) + more) & 3;
  let value = select(quarter_sin(r), quarter_cos(r), (quarter & 1) == 1);
  return select(value, -value, quarter >= 2);
}`,
];

/** One step in WGSL; `args` are the names of its arguments. */
export function formula(step: ExpressionStep, args: readonly string[]): string {
  const [a, b, c] = args;
  const [name] = step;
  const truth = (condition: string): string => `select(0.0, 1.0, ${condition})`;
  switch (name) {
    case 'constant':
      return numberText(step[1]);
    case 'step':
      return 'f32(run.step)';
    case 'examples':
      return 'f32(run.count)';
    case 'identity':
      return a;
    case 'neg':
      return `-${a}`;
    case 'square':
      return `${a} * ${a}`;
    case 'log1p':
      return `log1p_of(${a})`;
    case 'tanh':
      return `tanh_of(${a})`;
    case 'sin':
      return `turn_of(${a}, 0)`;
    case 'cos':
      return `turn_of(${a}, 1)`;
    case 'add':
      return `${a} + ${b}`;
    case 'sub':
      return `${a} - ${b}`;
    case 'mul':
      return `${a} * ${b}`;
    case 'div':
      return `${a} / ${b}`;
    case 'pow':
      return `pow_of(${a}, ${b})`;
    case 'less':
      return truth(`${a} < ${b}`);
    case 'lessEqual':
      return truth(`${a} <= ${b}`);
    case 'greater':
      return truth(`${a} > ${b}`);
    case 'greaterEqual':
      return truth(`${a} >= ${b}`);
    case 'equal':
      return truth(`${a} == ${b}`);
    case 'select':
      return `select(${c}, ${b}, ${a} != 0.0)`;
    default:
      return `${name}(${args.join(', ')})`;
  }
}

/** A float32 literal; what WGSL has no literal for comes from its bits, by way of a function, for constants must be finite. */
function numberText(value: number): string {
  const rounded = Math.fround(value);
  if (Number.isNaN(rounded)) return 'special(0x7fc00000u)';
  if (!Number.isFinite(rounded)) return rounded > 0 ? 'special(0x7f800000u)' : 'special(0xff800000u)';
  if (Object.is(rounded, -0)) return 'special(0x80000000u)';
  return `f32(${rounded < 0 ? '-' : ''}${Number.isInteger(rounded) && Math.abs(rounded) < 1e15 ? `${Math.abs(rounded)}.0` : Math.abs(rounded)})`;
}

/** The functions that a text calls, each after those that it calls itself. */
export function functionsOf(text: string): string {
  const called: string[] = [];
  for (const source of FUNCTIONS.toReversed()) {
    const name = /^fn (\w+)/.exec(source)?.[1] ?? '';
    if ([text, ...called].some((caller) => caller.includes(`${name}(`))) called.unshift(source);
  }
  return called.join('\n');
}
