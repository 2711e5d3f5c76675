/** A library to compare with. */
export interface Peer {
  readonly name: string;
  /** Script in bench/peers; null for Convoy itself. */
  readonly script: string | null;
  /** Runs the script; default: this Node. */
  readonly command?: string;
  /** Whether it can use several threads. */
  readonly threaded: boolean;
  /** Whether it can only compute outputs. */
  readonly forwardOnly?: boolean;
}

/** Several, with commas between: each is a peer. */
const pythons = (process.env.CONVOY_PYTHON ?? 'python3').split(',');

export const knownPeers: readonly Peer[] = [
  { name: 'convoy', script: null, threaded: true },
  ...pythons.map((command, i) => ({
    name: i === 0 ? 'pytorch' : `pytorch-${i + 1}`,
    script: 'pytorch.py',
    command,
    threaded: true,
  })),
  { name: 'onnxruntime-node', script: 'onnxruntime-node.mjs', threaded: true },
  { name: 'onnxruntime-web', script: 'onnxruntime-web.mjs', threaded: true },
  { name: 'convnetjs', script: 'convnetjs.mjs', threaded: false },
  { name: 'jax-js', script: 'jax-js.mjs', threaded: false },
  { name: 'tfjs-cpu', script: 'tfjs-cpu.mjs', threaded: false },
  { name: 'tfjs-wasm', script: 'tfjs-wasm.mjs', threaded: false, forwardOnly: true },
];
