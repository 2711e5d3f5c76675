/** For each element √Σw² of the vector that it is in: all elements that differ in the given axes only. */
export function normsOver(values: ArrayLike<number>, shape: readonly number[], axes: readonly number[]): Float64Array {
  const vectorOf = (index: number): string => {
    const position = shape.map((length, axis) => {
      const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
      return Math.floor(index / inner) % length;
    });
    return position.filter((_, axis) => !axes.includes(axis)).join();
  };
  const sums = new Map<string, number>();
  Array.from(values).forEach((value, i) => sums.set(vectorOf(i), (sums.get(vectorOf(i)) ?? 0) + value * value));
  return Float64Array.from(values, (_, i) => Math.sqrt(sums.get(vectorOf(i)) ?? 0));
}
