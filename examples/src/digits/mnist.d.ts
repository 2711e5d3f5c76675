declare module 'mnist' {
  /** For each digit all its images, one after the other: 784 values in 0 … 1 each, rounded to three decimals. */
  const digits: readonly { readonly raw: readonly number[] }[];
  export = digits;
}
