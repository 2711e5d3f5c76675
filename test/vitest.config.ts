import { defineConfig } from 'vitest/config';

/**
 * Folders whose tests compute on one thread or start a pool in passing, and files whose time goes into a driver that compiles on one thread: these files run
 * side by side. All others keep pools busy, and run one after another.
 */
const oneThread = [
  '{compiler,conformance,conv2d-layer,data,data-formats,explorer,initializers,memory}/**/*.test.ts',
  '{models,numbers,persistence,plots,plugins,tooling,wasm}/**/*.test.ts',
  'webgpu/{conformance,second-driver,subgroups}.test.ts',
];
const made = ['**/dist/**', '**/node_modules/**'];

const shared = {
  root: import.meta.dirname,
  // Child processes: a file's threads end with it.
  pool: 'forks' as const,
  // The packages as they ship: loaded by Node, not transformed.
  server: { deps: { external: [/\/(packages\/.*|examples)\/dist\//] } },
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    // Tests that only wait for a process of their own; small machines have two cores.
    maxConcurrency: 2,
    projects: [
      { test: { ...shared, name: 'one thread', include: oneThread, exclude: made, maxWorkers: '100%' } },
      {
        test: {
          ...shared,
          name: 'threads',
          include: ['**/*.test.ts'],
          exclude: [...made, ...oneThread],
          fileParallelism: false,
        },
      },
    ],
  },
});
