/** A library to compare with. */
export interface Peer {
  readonly name: string;
  /** Script in bench/peers; null for Convoy itself. */
  readonly script: string | null;
  /** Runs the script; default: this Node. */
  readonly command?: string;
  /** Whether it can use several threads. */
  readonly threaded: boolean;
  /** Whether it only computes outputs. */
  readonly forwardOnly: boolean;
  /** What helps where it cannot run. */
  readonly remedy?: string;
}

/** Several, with commas between: each is a peer. */
const pythons = (process.env.CONVOY_PYTHON ?? 'python3').split(',');

const trains = { forwardOnly: false };
const onlyForward = { forwardOnly: true };

export const knownPeers: readonly Peer[] = [
  { name: 'convoy', script: null, threaded: true, ...trains },
  ...pythons.map((command, i) => ({
    name: i === 0 ? 'pytorch' : `pytorch-${i + 1}`,
    script: 'pytorch.py',
    command,
    threaded: true,
    ...trains,
    remedy: 'name a Python that has torch and numpy in CONVOY_PYTHON',
  })),
  { name: 'onnxruntime-node', script: 'onnxruntime-node.mjs', threaded: true, ...trains },
  { name: 'onnxruntime-web', script: 'onnxruntime-web.mjs', threaded: true, ...trains },
  { name: 'convnetjs', script: 'convnetjs.mjs', threaded: false, ...trains },
  { name: 'jax-js', script: 'jax-js.mjs', threaded: false, ...trains },
  { name: 'tfjs-cpu', script: 'tfjs-cpu.mjs', threaded: false, ...trains },
  { name: 'convoy-forward', script: null, threaded: true, ...onlyForward },
  { name: 'tfjs-wasm', script: 'tfjs-wasm.mjs', threaded: false, ...onlyForward },
];
