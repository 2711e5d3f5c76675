import type { Run } from '../define/op/kernel.js';
import { kernelFailure } from '../graph/kernel-failure.js';
import type { Program } from '../graph/program.js';
import type { BoundPhase, BoundUnit } from './bind.js';

/** What a thread's kernels read of a run; `step`, `count` and `shards` are set for each step. */
export function newRun(): Run {
  return { examples: 0, firstExample: 0, count: 0, shards: 0, step: 0, begin: 0, end: 0, nonFinite: false };
}

/** Does one unit of a phase: a shard, or a range of parameters. @throws RuntimeError naming layer and kernel */
export function executeUnit(program: Program, phase: BoundPhase, index: number, run: Run): void {
  const unit = phase.units[index] as BoundUnit;
  const sharded = phase.kind === 'shards';
  run.firstExample = sharded ? index * program.shardSize : 0;
  run.examples = sharded ? Math.min(program.shardSize, run.count - run.firstExample) : run.count;
  run.begin = unit.begin;
  run.end = unit.end;
  for (let i = 0; i < unit.calls.length; i++) {
    try {
      (unit.calls[i] as (run: Run) => void)(run);
    } catch (cause) {
      throw kernelFailure(program, unit.indices[i] as number, `${sharded ? 'shard' : 'range'} ${index}`, cause);
    }
  }
}
