/** In place of `node:async_hooks`. */
export class AsyncLocalStorage<T> {
  #value: T | undefined;

  getStore(): T | undefined {
    return this.#value;
  }

  /**
   * A browser cannot tell who of several that wait goes on. So the value is seen by all until the action's promise settles: `fit` is
   * refused too often rather than left to wait for itself.
   */
  run<R>(value: T, action: () => R): R {
    const before = this.#value;
    const restore = (): void => void (this.#value = before);
    this.#value = value;
    let result: R;
    try {
      result = action();
    } catch (error) {
      restore();
      throw error;
    }
    if (result instanceof Promise) result.then(restore, restore);
    else restore();
    return result;
  }
}
