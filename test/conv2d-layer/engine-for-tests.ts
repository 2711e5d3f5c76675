import { wasm } from '@convoy/backend-wasm';
import { createEngine, type Engine, type EngineOptions } from '@convoy/engine';
import { afterAll, onTestFinished } from 'vitest';

type Options = Omit<EngineOptions, 'backend'>;

/** An engine for all tests of a file. */
export async function engineOfFile(options: Options = {}): Promise<Engine> {
  const engine = await createEngine({ backend: wasm(), workers: 'inline', seed: 1, ...options });
  afterAll(() => engine.dispose());
  return engine;
}

/** An engine for one test, in which all names are free. */
export async function freshEngine(options: Options = {}): Promise<Engine> {
  const engine = await createEngine({ backend: wasm(), workers: 'inline', seed: 1, ...options });
  onTestFinished(() => engine.dispose());
  return engine;
}
