import { availableParallelism, cpus } from 'node:os';

/** What a figure was measured on. */
export function machineLine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `${model}, ${availableParallelism()} processors, Node ${process.version}, ${process.platform} ${process.arch}`;
}
