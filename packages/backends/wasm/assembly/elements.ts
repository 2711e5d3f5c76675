/** Elements of operands that hold float32 or int32, for kernels that compute on both alike. */

/** Four elements as floats, given their words; T is the type of the operand. */
export function floats<T>(words: v128): v128 {
  return isInteger<T>() ? f32x4.convert_i32x4_s(words) : words;
}

/** One element, exactly. */
export function numberAt(at: usize, isInt32: bool): f64 {
  return isInt32 ? <f64>load<i32>(at) : <f64>load<f32>(at);
}

/** Number i of labels, or -1 where it is NaN or no whole number. */
export function labelAt(labels: usize, i: i32, areIntegers: bool): i32 {
  const at = labels + ((<usize>i) << 2);
  if (areIntegers) return load<i32>(at);
  const value = load<f32>(at);
  // The conversion truncates, and makes 0 of NaN.
  const label = <i32>value;
  return <f32>label == value ? label : -1;
}
