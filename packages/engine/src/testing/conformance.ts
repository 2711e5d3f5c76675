import type { Backend } from '../define/plugin/backend.js';
import type { Plugin } from '../define/plugin/plugin.js';
import { loadExecutor } from '../execute/executor-module.js';
import { ExitGuard } from '../execute/exit-guard.js';
import { loadKernels } from '../execute/load-kernels.js';
import type { KernelSet } from '../graph/compile-program.js';
import { Arena } from '../memory/arena.js';
import { agreementCheck } from './agreement.js';
import { DoubleMemory } from './double-memory.js';
import type { Workbench } from './evaluate.js';
import { epilogueCheck } from './epilogue-check.js';
import { gradientCheck } from './gradient-check.js';
import type { OpCase } from './op-case.js';
import { caseGraph } from './case-graph.js';
import { rowsCheck } from './rows-check.js';

/** Which backend is proved, by what and on what. */
export interface ConformanceOptions {
  /** The backend to prove. */
  readonly backend: Backend;
  /** Backend whose kernels run over double-precision arrays: `js()` of @convoy/backend-js. */
  readonly reference: Backend;
  /** `standardCases`, and those of the plugins whose ops it computes. */
  readonly cases: readonly OpCase[];
  /** Plugins whose kernels the cases need. */
  readonly plugins?: readonly Plugin[];
  /** Largest |a − b| / max|b| of values and gradients. Default: 1e-4. */
  readonly tolerance?: number;
}

/** One thing that must hold of one case, to be run by any test runner. */
export interface Check {
  /** The case and what is checked of it. */
  readonly name: string;
  /** Throws what is wrong. */
  run(): Promise<void>;
}

/**
 * Proves a backend: every op of every case agrees with the reference backend computed in double precision, gradients
 * agree with finite differences, an example's values do not depend on how the batch is cut, fused kernels agree
 * with the ops that they stand for, epilogues have the bits of calls of their own, and rows those of the whole. No test runner is imported; each check is an async function that throws.
 *
 * ```ts
 * for (const { name, run } of conformance({ backend: mine(), reference: js(), cases: standardCases })) test(name, run);
 * ```
 */
export function conformance(options: ConformanceOptions): Check[] {
  const benches = once(() => workbenches(options));
  const tolerance = options.tolerance ?? 1e-4;
  const checks = options.cases.flatMap((opCase): Check[] => {
    const { op, differentiated } = caseGraph(opCase);
    const check = (what: string, run: (benches: Benches) => void | Promise<void>): Check => ({
      name: `${opCase.name}: ${what}`,
      run: async () => run(await benches()),
    });
    const ofCase = [
      check('agrees with the reference', async ({ tested, exact }) => {
        await agreementCheck(opCase, tested, exact, tolerance);
        epilogueCheck(opCase, tested);
        rowsCheck(opCase, tested, exact, tolerance);
      }),
    ];
    if (op.rules.lower) {
      ofCase.push(
        check('the kernel agrees with the ops that it stands for', ({ exact }) => {
          const lowered = { ...exact, kernels: without(exact.kernels, op.name) };
          return agreementCheck(opCase, exact, lowered, 1e-9);
        }),
      );
    }
    if (differentiated.length > 0) {
      ofCase.push(
        check('has the gradient of finite differences', (b) => gradientCheck(opCase, b.tested, b.exact, tolerance)),
      );
    }
    return ofCase;
  });
  if (options.backend.executor === null) return checks;
  const close = async (): Promise<void> => {
    const { tested, guard } = await benches();
    await tested.device?.executor.dispose();
    guard.dispose();
  };
  return [...checks, { name: 'the executor ends what it has started', run: close }];
}

interface Benches {
  readonly tested: Workbench;
  readonly exact: Workbench;
  readonly guard: ExitGuard;
}

async function workbenches({ backend, reference, plugins = [] }: ConformanceOptions): Promise<Benches> {
  const modules = plugins.flatMap(({ name, kernels }) =>
    kernels === null ? [] : [{ owner: `plugin '${name}'`, url: kernels.href, options: {} }],
  );
  const guard = new ExitGuard();
  if (backend.executor !== null) guard.watch();
  const bench = async (from: Backend, inDoubles: boolean): Promise<Workbench> => {
    const arena = new Arena();
    // A device has no use for kernels that plugins bring for the CPU.
    const plugged = from.executor === null ? modules : [];
    const sources = { backend: from.name, chain: from.modules, plugins: plugged };
    const kernels = await loadKernels(sources, arena.memory);
    const doubles = inDoubles ? new DoubleMemory(arena.memory) : null;
    if (from.executor === null) return { arena, kernels, doubles };
    return {
      arena,
      kernels,
      doubles,
      device: {
        executor: await loadExecutor(from.executor, { memory: arena.memory, guard: guard.words, replica: null }),
        sources,
      },
    };
  };
  return { tested: await bench(backend, false), exact: await bench(reference, true), guard };
}

function without(kernels: KernelSet, hidden: string): KernelSet {
  return {
    backend: kernels.backend,
    has: (name) => name !== hidden && kernels.has(name),
    kernel: (name) => kernels.kernel(name),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
