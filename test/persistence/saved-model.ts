/** A folder of its own for each test, and engines that know all plugins. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { conv2dPlugin } from '@convoy/conv2d';
import type { Engine, EngineOptions } from '@convoy/engine';
import { layersPlugin } from '@convoy/layers';
import { optimizersPlugin } from '@convoy/optimizers';
import { onTestFinished } from 'vitest';
import { tinyEngine } from '../fixtures/tiny.js';

export const plugins = [layersPlugin, conv2dPlugin, optimizersPlugin];

export function engineWithPlugins(options: Partial<EngineOptions> = {}): Promise<Engine> {
  return tinyEngine({ workers: 1, plugins, ...options });
}

/** Removed when the test is over. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'convoy-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
