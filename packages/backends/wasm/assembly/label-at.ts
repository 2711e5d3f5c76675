/** Number i of labels, or -1 where it is NaN or no whole number. */
export function labelAt(labels: usize, i: i32): i32 {
  const value = load<f32>(labels + ((<usize>i) << 2));
  // The conversion truncates, and makes 0 of NaN.
  const label = <i32>value;
  return <f32>label == value ? label : -1;
}
