/** Prints a compute shader around a kernel's text: its bindings, its numbers, and access to elements whatever their storage. */
import type { Storage } from '../device-kernel.js';

/** A shader as WGSL; equal texts share one pipeline. */
export interface Shader {
  readonly text: string;
  /** Names of the numbers, in the order in which they lie in the uniform buffer. */
  readonly params: readonly string[];
  readonly reads: number;
  readonly writes: number;
}

/** What a shader is printed from. */
export interface ShaderParts {
  readonly reads: Readonly<Record<string, Storage>>;
  readonly writes: Readonly<Record<string, Storage>>;
  readonly params: readonly string[];
  /** Threads of a workgroup. */
  readonly workgroup: readonly [x: number, y: number];
  /** Whether it uses operations of subgroups. */
  readonly subgroups?: boolean;
  /** Declarations before the entry point: functions, workgroup memory. */
  readonly head?: string;
  /** The entry point's statements. */
  readonly body: string;
}

const STORED: Readonly<Record<Storage, string>> = { float32: 'f32', float16: 'f16', int32: 'i32', fence: 'i32' };

/**
 * What every kernel finds: `run.examples` of this step's batch, `run.step` steps done before it since the model was compiled, `run.index` steps
 * done before it in this run; where the batch is a shard, `run.before` examples before it and `run.count` in all, else 0 and `run.examples`; its own
 * numbers as `p.NAME`; for each operand `NAME_at(i)` in float32, and for results `NAME_put(i, value)`.
 */
export function shaderOf(parts: ShaderParts): Shader {
  const reads = Object.entries(parts.reads);
  const writes = Object.entries(parts.writes);
  const half = [...reads, ...writes].some(([, storage]) => storage === 'float16');
  const params = parts.params.length === 0 ? ['none'] : parts.params;
  const text = [
    half ? 'enable f16;' : '',
    parts.subgroups ? 'enable subgroups;' : '',
    'struct Run { examples: u32, step: u32, index: u32, before: u32, count: u32 }',
    `struct Params { ${params.map((name) => `${name}: u32`).join(', ')} }`,
    '@group(0) @binding(0) var<uniform> run: Run;',
    '@group(0) @binding(1) var<uniform> p: Params;',
    ...reads.map(
      ([name, storage], i) => `@group(0) @binding(${2 + i}) var<storage, read> ${name}: array<${STORED[storage]}>;`,
    ),
    ...writes.map(
      ([name, storage], i) =>
        `@group(0) @binding(${2 + reads.length + i}) var<storage, read_write> ${name}: array<${storage === 'fence' ? 'atomic<i32>' : STORED[storage]}>;`,
    ),
    ...[...reads, ...writes]
      .filter(isNumeric)
      .map(([name]) => `fn ${name}_at(i: u32) -> f32 { return f32(${name}[i]); }`),
    ...writes
      .filter(isNumeric)
      .map(([name, storage]) => `fn ${name}_put(i: u32, value: f32) { ${name}[i] = ${STORED[storage]}(value); }`),
    parts.head ?? '',
    `@compute @workgroup_size(${parts.workgroup.join(', ')})`,
    'fn main(@builtin(global_invocation_id) global: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>,',
    '        @builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3<u32>,',
    '        @builtin(num_workgroups) groups: vec3<u32>) {',
    parts.body,
    '}',
  ];
  return { text: text.filter((line) => line !== '').join('\n'), params, reads: reads.length, writes: writes.length };
}

function isNumeric([, storage]: readonly [string, Storage]): boolean {
  return storage !== 'fence';
}
