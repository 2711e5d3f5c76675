import { ConvoyError, UnknownOptionError, ValueError } from '../../errors.js';

/**
 * Runs a rule that the author of a part wrote. An error of ours that leaves it says what it has to say; any other tells
 * a user nothing, so it becomes one that names the rule.
 *
 * @throws ValueError whose cause is what the rule threw
 */
export function callRule<T>(place: string, rule: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    if (cause instanceof ConvoyError || cause instanceof UnknownOptionError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(`${place}: its '${rule}' rule failed: ${message}`, 'RULE', { cause });
  }
}
