import { describeValue } from '../define/plugin/describe-value.js';
import { ValueError } from '../errors.js';
import type { Parties } from './parties.js';

/** Imports a strategy's module. @throws ValueError when it does not default-export what `defineParties` makes */
export async function loadParties(url: string): Promise<Parties<unknown, unknown>> {
  const { default: parties } = (await import(url)) as { default?: Partial<Parties<unknown, unknown>> };
  if (typeof parties?.owner === 'function' && typeof parties.replica === 'function') {
    return parties as Parties<unknown, unknown>;
  }
  throw new ValueError(
    `the strategy's module ${url} must default-export defineParties({ owner, replica }), got ${describeValue(parties)}`,
    'STRATEGY',
  );
}
