import type { NumberArray } from '../define/op/kernel.js';
import { isBatched } from '../define/op/shape.js';
import { ValueError } from '../errors.js';
import { caseGraph } from './case-graph.js';
import { evaluationOn, type Workbench } from './evaluate.js';
import type { OpCase } from './op-case.js';

/** The same values from both workbenches; and the same bits of an example whichever shard it is in. */
export async function agreementCheck(
  opCase: OpCase,
  tested: Workbench,
  exact: Workbench,
  tolerance: number,
): Promise<void> {
  const { output, values, batch } = caseGraph(opCase);
  const [actual] = (await evaluationOn(tested, [output], batch)(values)) as [NumberArray];
  const [expected] = (await evaluationOn(exact, [output], batch)(values)) as [NumberArray];
  checkClose(opCase.name, actual, expected, tolerance);
  if (!isBatched(output.shape)) return;
  const whole = { examples: batch.examples, shardSize: batch.examples };
  const [uncut] = (await evaluationOn(tested, [output], whole)(values)) as [NumberArray];
  const differing = actual.findIndex((value, i) => !Object.is(value, uncut[i]));
  if (differing >= 0) {
    throw new ValueError(
      `${opCase.name}: element ${differing} is ${actual[differing]} when the batch is cut into shards and ` +
        `${uncut[differing]} when it is not; an example's values must not depend on its shard`,
      'CONFORMANCE',
    );
  }
}

/** @throws ValueError unless max|a − b| <= tolerance · max|b| */
export function checkClose(what: string, actual: NumberArray, expected: NumberArray, tolerance: number): void {
  if (actual.length !== expected.length) {
    throw new ValueError(`${what}: ${actual.length} values, the reference has ${expected.length}`, 'CONFORMANCE');
  }
  let largest = 0;
  for (const value of expected) largest = Math.max(largest, Math.abs(value));
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number];
    // Not `>`: a NaN must fail.
    if (!(Math.abs(a - b) <= tolerance * largest)) {
      throw new ValueError(
        `${what}: element ${i} is ${a}, the reference has ${b} (tolerance ${tolerance} · ${largest})`,
        'CONFORMANCE',
      );
    }
  }
}
