/**
 * The errors Convoy raises on purpose. Each message names the place, both sides and the remedy; `code` is stable
 * and made for programs. `UnknownOptionError` is a TypeError because a wrong key is a wrong type of argument.
 */
export class ConvoyError extends Error {
  readonly code: string;

  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** An argument has the right type and an unusable value: a shape that does not fit, a label out of range. */
export class ValueError extends ConvoyError {
  constructor(message: string, code = 'VALUE', options?: ErrorOptions) {
    super(message, code, options);
  }
}

/** The call is legal, but not now: a disposed engine, an unbuilt layer, a run that failed. */
export class RuntimeError extends ConvoyError {
  constructor(message: string, code = 'RUNTIME', options?: ErrorOptions) {
    super(message, code, options);
  }
}

/** The object has no such attribute yet: `layer.output` of a layer that was never called. */
export class AttributeError extends ConvoyError {
  constructor(message: string, code = 'ATTRIBUTE', options?: ErrorOptions) {
    super(message, code, options);
  }
}

/** The combination is meaningful but not offered. */
export class NotImplementedError extends ConvoyError {
  constructor(message: string, code = 'NOT_IMPLEMENTED', options?: ErrorOptions) {
    super(message, code, options);
  }
}

/** An option that does not exist, with the nearest one that does. */
export class UnknownOptionError extends TypeError {
  readonly code = 'UNKNOWN_OPTION';
  override readonly name = 'UnknownOptionError';
}

/** Runs `action`; an error of ours that leaves it names the place where it happened. */
export function inPlace<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const ours = error instanceof ConvoyError || error instanceof UnknownOptionError;
    if (ours && !error.message.startsWith(`${place}:`)) error.message = `${place}: ${error.message}`;
    throw error;
  }
}
