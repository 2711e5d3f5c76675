import type { NumberArray } from '../define/op/kernel.js';
import { placeholder } from '../define/op/placeholder.js';
import type { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import { ValueError } from '../errors.js';
import { differentiate } from '../graph/differentiate.js';
import { mul } from '../standard/ops/arithmetic.js';
import { reduceSum } from '../standard/ops/chain-rule.js';
import { checkClose } from './agreement.js';
import { caseGraph, inputName } from './case-graph.js';
import { evaluationOf, evaluationOn, type Workbench } from './evaluate.js';
import { madeValues } from './made-values.js';
import type { OpCase } from './op-case.js';

/** Elements of one input that are moved; a larger input is sampled evenly. */
const MOVED = 24;
const STEP = 1e-5;
const DIFFERENCES_TOLERANCE = 1e-6;

/**
 * The gradients of L = Σ w·y, with made weights w: in double precision against (L(x+h) − L(x−h)) / 2h, then the
 * tested backend's against those.
 */
export async function gradientCheck(
  opCase: OpCase,
  tested: Workbench,
  exact: Workbench,
  tolerance: number,
): Promise<void> {
  const { inputs, output, values, differentiated, batch } = caseGraph(opCase);
  const weights = placeholder('weights', output.shape, 'float32', null);
  values.set('weights', madeValues(`${opCase.name}/weights`, { shape: output.shape }, batch.examples));
  const loss = reduceSum(mul(output, weights));
  const wanted = differentiated.map((i) => inputs[i] as SymbolicTensor);
  const { gradients } = differentiate([loss], wanted);
  const missing = gradients.findIndex((gradient) => gradient === null);
  if (missing >= 0) {
    throw new ValueError(`${opCase.name}: input ${differentiated[missing]} gets no gradient`, 'CONFORMANCE');
  }
  const nodes = gradients as readonly SymbolicTensor[];
  // A device computes while this thread goes on.
  const answered = Promise.allSettled([evaluationOn(tested, nodes, batch)(values)]);
  const exactGradients = evaluationOf(exact, nodes, batch)(values);
  const lossOf = evaluationOf(exact, [loss], batch);
  differentiated.forEach((input, i) => {
    const name = `${opCase.name}, gradient of input ${input}`;
    const differences = centralDifferences(lossOf, values, inputName(input));
    const gradient = exactGradients[i] as NumberArray;
    const sampled = Float64Array.from(differences.indices, (index) => gradient[index] as number);
    checkClose(name, sampled, differences.slopes, DIFFERENCES_TOLERANCE);
  });
  const [answer] = await answered;
  if (answer.status === 'rejected') throw answer.reason;
  answer.value.forEach((gradient, i) => {
    const name = `${opCase.name}, gradient of input ${differentiated[i]}`;
    checkClose(name, gradient, exactGradients[i] as NumberArray, tolerance);
  });
}

function centralDifferences(
  lossOf: (values: ReadonlyMap<string, NumberArray>) => NumberArray[],
  values: ReadonlyMap<string, NumberArray>,
  moved: string,
): { indices: number[]; slopes: Float64Array } {
  const x = Float64Array.from(values.get(moved) as NumberArray);
  const stride = Math.max(1, Math.floor(x.length / MOVED));
  const indices = Array.from({ length: Math.ceil(x.length / stride) }, (_, i) => i * stride);
  const at = (index: number, value: number): number => {
    const changed = x.with(index, value);
    return (lossOf(new Map([...values, [moved, changed]]))[0] as NumberArray)[0] as number;
  };
  const slopes = Float64Array.from(indices, (index) => {
    const value = x[index] as number;
    return (at(index, value + STEP) - at(index, value - STEP)) / (2 * STEP);
  });
  return { indices, slopes };
}
