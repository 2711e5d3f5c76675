import { describe, expect, test } from 'vitest';
import { explore, type ThreadPlan } from './explore.js';
import { publicationFaults } from './publication-mutations.js';
import { PublicationScenario } from './publication-scenario.js';
import { expectNoViolation } from './verdict.js';

const dead = (name: string): Pick<ThreadPlan, 'starts'> => ({ starts: (fateOf) => fateOf(name) === 'killed' });

describe('in every order of accesses, each read is of one whole version, none older than the one before', () => {
  test('two readers read twice while the writer publishes three times', () => {
    const p = new PublicationScenario({ readers: 2, length: 1 });
    const threads = [p.writer('writer', 3), p.reader('reader 0', 0, 2), p.reader('reader 1', 1, 2)];
    expectNoViolation(p.scenario(threads), 2_233_291);
  });

  test('a reader reads blocks of two floats three times while the writer publishes four times', () => {
    const p = new PublicationScenario({ readers: 1, length: 2 });
    expectNoViolation(p.scenario([p.writer('writer', 4), p.reader('reader 0', 0, 3)]), 57_424);
  });

  test('three readers read once while the writer publishes twice', () => {
    const p = new PublicationScenario({ readers: 3, length: 1 });
    const readers = [0, 1, 2].map((reader) => p.reader(`reader ${reader}`, reader, 1));
    expectNoViolation(p.scenario([p.writer('writer', 2), ...readers]), 1_202_835);
  });

  test('two readers copy blocks of two floats to memory of their own while the writer publishes twice', () => {
    const p = new PublicationScenario({ readers: 2, length: 2 });
    const own = [0, 1].map((reader) => [p.end + 64 * reader, p.end + 64 * (reader + 1)] as const);
    const readers = own.map((range, reader) => p.copier(`reader ${reader}`, reader, range));
    expectNoViolation(p.scenario([p.writer('writer', 2), ...readers], { bytes: p.end + 128 }), 41_478);
  });

  test('two writers publish side by side for two readers of both', () => {
    const a = new PublicationScenario({ readers: 2, length: 1 });
    const b = new PublicationScenario({ readers: 2, length: 1, address: a.end });
    const ofBoth = (reader: number): ThreadPlan => {
      const name = `reader ${reader}`;
      const turns = [a, b].flatMap((p) => p.reader(name, reader, 1).turns);
      return { name, turns: [turns[0], (words) => turns[1](words, [])] };
    };
    expectNoViolation(
      a.scenario([a.writer('writer a', 1), b.writer('writer b', 1), ofBoth(0), ofBoth(1)], {
        bytes: b.end,
        prepare: (words) => [a, b].forEach((p) => p.prepare(words)),
        label: (address) => (address < b.address ? `a.${a.label(address)}` : `b.${b.label(address)}`),
      }),
      270_806,
    );
  });
});

describe('wherever a thread is killed', () => {
  test('a successor of the writer publishes the version after the last that was published', () => {
    const p = new PublicationScenario({ readers: 2, length: 1 });
    const threads = [
      p.writer('writer', 2, { mayDie: true }),
      p.writer('successor', 1, dead('writer')),
      p.reader('reader 0', 0, 1),
      p.reader('reader 1', 1, 1),
    ];
    const versions = new Set<string>();
    expectNoViolation(
      p.scenario(threads, {
        atEnd: ({ memory, fateOf, leftBy }) => {
          const { version } = p.at(memory).latest;
          versions.add(`${fateOf('writer')} ${version}`);
          const last = fateOf('writer') === 'killed' ? leftBy('successor').at(-1) : leftBy('writer').at(-1);
          if (last !== version) throw new Error(`published ${last}, current is ${version}`);
        },
      }),
      136_061,
    );
    // It is killed in its first or its second publishing; the successor adds one.
    expect([...versions].toSorted()).toEqual(['ended 3', 'killed 2', 'killed 3']);
  });

  test('what a dead reader held keeps nobody from publishing, and its successor reads on', () => {
    const p = new PublicationScenario({ readers: 2, length: 1 });
    const supervised = p.reader('reader 2', 0, 1, dead('reader 0'));
    const threads: ThreadPlan[] = [
      p.writer('writer', 3),
      p.reader('reader 0', 0, 1, { mayDie: true }),
      {
        ...supervised,
        turns: [
          (words) => {
            p.at(words).release(0);
            return [];
          },
          ...supervised.turns,
        ],
      },
      p.reader('reader 1', 1, 1),
    ];
    expectNoViolation(p.scenario(threads), 683_016);
  });
});

describe('what the contract forbids is found:', () => {
  test('two writers at once', () => {
    const p = new PublicationScenario({ readers: 1, length: 1 });
    const { violation } = explore(p.scenario([p.writer('writer', 1), p.writer('another', 1)]));
    expect(violation?.message).toMatch(/^data race on buffer 0 .* between writer .* and another/);
  });

  test('two readers of one number', () => {
    const p = new PublicationScenario({ readers: 1, length: 1 });
    const readers = ['reader 0', 'reader 0 too'].map((name) => p.reader(name, 0, 1));
    const { violation } = explore(p.scenario([p.writer('writer', 3), ...readers]));
    expect(violation?.message).toMatch(/data race on buffer|reads/);
  });
});

describe('the data races alone tell that', () => {
  const p = new PublicationScenario({ readers: 1, length: 1, trusting: true });
  const scenario = p.scenario([p.writer('writer', 3), p.reader('reader 0', 0, 2)]);

  for (const { name, mutation, says } of publicationFaults((address) => p.label(address))) {
    test(name, () => {
      const { violation } = explore(scenario, mutation);
      expect(violation?.message).toMatch(says);
      expect(violation?.trace).toMatch(/^writer +(load|read) current = \d$/m);
    });
  }
});

describe('what is read tells, too, that', () => {
  const p = new PublicationScenario({ readers: 1, length: 1 });
  const scenario = p.scenario([p.writer('writer', 4), p.reader('reader 0', 0, 2)], { mayRace: () => true });
  const torn = publicationFaults((address) => p.label(address)).filter(({ says }) => says.source.includes('on buffer'));

  for (const { name, mutation } of torn) {
    test(name, () => {
      const { violation } = explore(scenario, mutation);
      expect(violation?.message).toMatch(/^reader 0: version \d (reads \d+, not \d+|was read after \d)$/);
    });
  }
});
