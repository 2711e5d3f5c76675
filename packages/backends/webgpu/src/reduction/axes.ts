import { stridesOf } from '@convoy/engine/kernels';

/** One axis of an operand: its length, and the distance between neighbours. */
export interface Axis {
  readonly length: number;
  readonly stride: number;
}

/** The axes that stay and those that are reduced, outermost first. Neighbours that lie one after the other are one axis. */
export function axesOf(shape: readonly number[], reducedAxes: readonly number[]): { kept: Axis[]; reduced: Axis[] } {
  const strides = stridesOf(shape);
  const some = (wanted: boolean): Axis[] => {
    const axes: Axis[] = [];
    shape.forEach((length, i) => {
      if (reducedAxes.includes(i) !== wanted || (length === 1 && i > 0)) return;
      const outer = axes.at(-1);
      const axis = { length, stride: strides[i] };
      if (outer && outer.stride === axis.stride * length)
        axes[axes.length - 1] = { length: outer.length * length, stride: axis.stride };
      else axes.push(axis);
    });
    return axes;
  };
  return { kept: some(false), reduced: some(true) };
}

export function sizeOfAxes(axes: readonly Axis[]): number {
  return axes.reduce((product, { length }) => product * length, 1);
}

/** Statements that return where element `i` of the axes lies. The outermost axis needs no length, and may be the batch. */
export function decodeText(name: string, axes: readonly Axis[]): string {
  if (axes.length === 0) return 'return 0u;';
  if (axes.length === 1) return `return i * p.${name}_s0;`;
  const lines = ['var rest = i;', 'var at = 0u;'];
  for (let d = axes.length - 1; d > 0; d--) {
    lines.push(`at += rest % p.${name}_n${d} * p.${name}_s${d};`, `rest = rest / p.${name}_n${d};`);
  }
  return [...lines, `return at + rest * p.${name}_s0;`].join('\n');
}

/** The numbers that `decodeText` names. */
export function numbersOf(name: string, axes: readonly Axis[]): Record<string, number> {
  return Object.fromEntries(
    axes.flatMap(({ length, stride }, d) => [
      [`${name}_s${d}`, stride],
      ...(d > 0 ? [[`${name}_n${d}`, length] as const] : []),
    ]),
  );
}
