import { expect } from 'vitest';
import { explore, type Scenario } from './explore.js';

/**
 * Explores all of a scenario; a violation fails the test with its interleaving. The number of states is the one in
 * `docs/memory-model.md`: another means that the code, or what is explored of it, has changed.
 */
export function expectNoViolation(scenario: Scenario, states: number): void {
  const exploration = explore(scenario);
  const { violation } = exploration;
  if (violation) expect.fail(`${violation.message}\n${violation.trace}`);
  expect(exploration.states).toBe(states);
}
