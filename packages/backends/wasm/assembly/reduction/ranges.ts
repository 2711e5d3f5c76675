/** Elementwise work on ranges of floats. */

/** a[i] += b[i] for begin <= i < end. */
export function addRange(a: usize, b: usize, begin: i32, end: i32): void {
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(a + at, v128.add<f32>(v128.load(a + at), v128.load(b + at)));
  }
  for (; i < end; i++) {
    const at = (<usize>i) << 2;
    store<f32>(a + at, load<f32>(a + at) + load<f32>(b + at));
  }
}

/** 1 when all a[i] with begin <= i < end are finite, else 0: x − x is 0 for finite x alone. */
export function isFiniteRange(a: usize, begin: i32, end: i32): i32 {
  let differences = v128.splat<f32>(0);
  let difference: f32 = 0;
  let i = begin;
  for (; i + 4 <= end; i += 4) {
    const x = v128.load(a + ((<usize>i) << 2));
    differences = v128.or(differences, v128.sub<f32>(x, x));
  }
  for (; i < end; i++) {
    const x = load<f32>(a + ((<usize>i) << 2));
    difference += x - x;
  }
  return !v128.any_true(differences) && difference == 0 ? 1 : 0;
}
