/**
 * To be called when example number `example` of a result is complete, in order, while it is in the cache: what follows it elementwise is
 * computed then, in place.
 */
export declare function finished(example: i32): void;
