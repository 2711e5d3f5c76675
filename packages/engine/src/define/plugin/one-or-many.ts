/** One value, or a list of several. @inline */
export type OneOrMany<T> = T | readonly T[];
