import { elasticAveraging, hogwild, localSgd, parameterServer, synchronous, type Strategy } from '@convoy/engine';
import { sgd } from '@convoy/optimizers';

/** One that is compared. */
export interface Contender {
  /** For `--strategies`. */
  readonly id: string;
  /** For tables and pictures. */
  readonly name: string;
  /** Whether it is only of interest beside a slow replica. */
  readonly forSlow?: boolean;
  /** Of so many replicas, or workers that share a step. */
  strategy(replicas: number): Strategy;
}

/** DiLoCo's outer optimizer (Douillard et al. 2023). */
const outer = sgd({ learningRate: 0.7, momentum: 0.9, nesterov: true });

/** Every strategy of the engine. */
export const contenders: readonly Contender[] = [
  { id: 'synchronous', name: 'synchronous', strategy: () => synchronous() },
  { id: 'hogwild', name: 'hogwild', strategy: (replicas) => hogwild({ replicas }) },
  server(0),
  server(2),
  server(Infinity),
  { id: 'local', name: 'local SGD', strategy: (replicas) => localSgd({ replicas }) },
  { id: 'diloco', name: 'local SGD, DiLoCo', strategy: (replicas) => localSgd({ replicas, outer }) },
  { id: 'elastic', name: 'elastic averaging', strategy: (replicas) => elasticAveraging({ replicas }) },
  {
    id: 'static',
    name: 'synchronous, static claims',
    forSlow: true,
    strategy: () => synchronous({ claim: 'static' }),
  },
];

function server(staleness: number): Contender {
  const shown = staleness === Infinity ? '∞' : String(staleness);
  return {
    id: staleness === Infinity ? 'server-any' : `server-${staleness}`,
    name: `parameter server, staleness ${shown}`,
    strategy: (replicas) => parameterServer({ replicas, staleness }),
  };
}
