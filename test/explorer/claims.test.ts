import { describe, expect, test } from 'vitest';
import { claimsFaults } from './claims-mutations.js';
import { ClaimsScenario, TOLD } from './claims-scenario.js';
import { explore, type Scenario } from './explore.js';
import { cutInTwo, withFaults } from './mutate.js';
import { expectNoViolation } from './verdict.js';

const FIRST = { name: 'replica 0', replica: 0 };

/** Two replicas, the first of which may die, and its successor. */
function withSuccessor(limit: number): Scenario {
  const c = new ClaimsScenario(limit);
  const first = c.replica('replica 0', 0, { mayDie: true });
  return c.scenario([first, c.replica('replica 1', 1), c.successor('successor', FIRST, 0)]);
}

/** Two replicas, the first of which may die; then the other does what is left, if it is still there to be told. */
function withSurvivor(limit: number): Scenario {
  const c = new ClaimsScenario(limit);
  const threads = [
    c.replica('replica 0', 0, { mayDie: true }),
    c.survivor('replica 1', 1),
    c.supervisor('supervisor', FIRST),
  ];
  return c.scenario(threads, {
    atEnd: (outcome) => {
      const missed = outcome.fateOf('replica 0') === 'killed' && outcome.leftBy('replica 1').at(-1) !== TOLD;
      if (!missed) c.check(outcome, threads);
    },
  });
}

/** Replica 0 died with unit 0; its result is collected while the supervisor takes the unit back. */
function lateResult(): Scenario {
  const c = new ClaimsScenario(2);
  const threads = [
    { name: 'collector', turns: [(words) => (c.at(words).finish(0, 0) ? [0] : [])] },
    { ...c.successor('supervisor', FIRST, 2), starts: () => true },
    c.replica('replica 1', 1),
  ] satisfies Scenario['threads'];
  return c.scenario(threads, {
    prepare: (words) => {
      c.at(words).reset();
      c.at(words).claim(0);
    },
  });
}

describe('in every order of accesses', () => {
  test('two replicas do each of four units once', () => {
    const c = new ClaimsScenario(4);
    expectNoViolation(c.scenario([c.replica('replica 0', 0), c.replica('replica 1', 1)]), 555_098);
  });

  test('three replicas do each of two units once', () => {
    const c = new ClaimsScenario(2);
    expectNoViolation(c.scenario([0, 1, 2].map((replica) => c.replica(`replica ${replica}`, replica))), 2_021_059);
  });

  test('wherever a replica is killed, what it was doing is done by another, and nothing twice', () => {
    expectNoViolation(withSuccessor(3), 943_466);
    expectNoViolation(withSurvivor(3), 170_960);
  });

  test('a result that is collected while its unit is taken back counts once: there, or done again', () => {
    expectNoViolation(lateResult(), 39_356);
  });

  test('the counter ends at the limit, however often more is claimed', () => {
    const c = new ClaimsScenario(1);
    const threads = [0, 1].map((replica) => {
      const plan = c.replica(`replica ${replica}`, replica);
      return { ...plan, turns: [...plan.turns, ...plan.turns.map((turn) => turn)] };
    });
    expectNoViolation(
      c.scenario(threads, {
        atEnd: ({ memory }) => {
          if (memory.load(0) !== 1) throw new Error(`counted to ${memory.load(0)}`);
        },
      }),
      913,
    );
  });
});

describe('the explorer finds that', () => {
  const c = new ClaimsScenario(2);

  for (const { name, mutation, says } of claimsFaults((address) => c.label(address))) {
    test(name, () => {
      const violation = explore(withSuccessor(2), mutation).violation ?? explore(withSurvivor(2), mutation).violation;
      expect(violation?.message).toMatch(says);
      expect(violation?.trace).toMatch(/^replica \d +\w+/m);
    });
  }

  test('a unit is finished by a load and a store', () => {
    const { violation } = explore(lateResult(), (words) => cutInTwo(words, (address) => c.label(address) === 'unit 0'));
    expect(violation?.message).toMatch(/some twice|not the thread's/);
  });

  test('a unit is finished whoever it belongs to', () => {
    const { violation } = explore(lateResult(), (words, thread) =>
      thread !== 'collector'
        ? words
        : withFaults(words, {
            compareExchange: (address, expected, value) => {
              words.store(address, value);
              return expected;
            },
          }),
    );
    expect(violation?.message).toMatch(/some twice|not the thread's/);
  });
});
