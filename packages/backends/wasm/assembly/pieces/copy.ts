/**
 * Copies a box of n0 × n1 × n2 × n3 elements of four bytes; s and t are the distances in bytes between neighbours along each axis, where it
 * comes from and where it goes.
 */
export function copyBox(
  from: usize,
  to: usize,
  n0: i32,
  n1: i32,
  n2: i32,
  n3: i32,
  s0: i32,
  s1: i32,
  s2: i32,
  s3: i32,
  t0: i32,
  t1: i32,
  t2: i32,
  t3: i32,
): void {
  const isRun = s3 == 4 && t3 == 4;
  for (let i = 0; i < n0; i++) {
    for (let j = 0; j < n1; j++) {
      for (let k = 0; k < n2; k++) {
        let source = from + <usize>(i * s0 + j * s1 + k * s2);
        let target = to + <usize>(i * t0 + j * t1 + k * t2);
        if (isRun) memory.copy(target, source, (<usize>n3) << 2);
        else
          for (let l = 0; l < n3; l++) {
            store<i32>(target, load<i32>(source));
            source += <usize>s3;
            target += <usize>t3;
          }
      }
    }
  }
}

/** Sets elements to 0. */
export function clear(to: usize, elements: i32): void {
  memory.fill(to, 0, (<usize>elements) << 2);
}
