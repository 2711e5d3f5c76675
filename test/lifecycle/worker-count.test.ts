import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { js } from '@convoy/backend-js';
import { createEngine } from '@convoy/engine';
import { describe, expect, onTestFinished, test } from 'vitest';
import { cpuQuota } from '../../packages/engine/dist/execute/cpu-quota.js';
import { automatic } from '../../packages/engine/dist/execute/worker-count.js';

/** A folder with these files, as /proc and /sys stand under the root. */
async function rootWith(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'convoy-cgroup-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return root;
}

describe('the quota of processor time', () => {
  test('is the smallest of the control groups on the way up', async () => {
    const root = await rootWith({
      'proc/self/cgroup': '0::/slice/app\n',
      'sys/fs/cgroup/cpu.max': 'max 100000\n',
      'sys/fs/cgroup/slice/cpu.max': '150000 100000\n',
      'sys/fs/cgroup/slice/app/cpu.max': '400000 100000\n',
    });
    expect(cpuQuota(root)).toBe(1.5);
  });

  test('is read at the root in a container that does not see its own path', async () => {
    const root = await rootWith({
      'proc/self/cgroup': '0::/outside/container\n',
      'sys/fs/cgroup/cpu.max': '200000 100000\n',
    });
    expect(cpuQuota(root)).toBe(2);
  });

  test('is read from the files of version 1', async () => {
    const root = await rootWith({
      'proc/self/cgroup': '4:memory:/a\n3:cpu,cpuacct:/a\n',
      'sys/fs/cgroup/cpu/a/cpu.cfs_quota_us': '50000\n',
      'sys/fs/cgroup/cpu/a/cpu.cfs_period_us': '100000\n',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    });
    expect(cpuQuota(root)).toBe(0.5);
  });

  test('is none without control groups, or without a limit in them', async () => {
    expect(cpuQuota(await rootWith({}))).toBeNull();
    expect(
      cpuQuota(await rootWith({ 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' })),
    ).toBeNull();
  });
});

describe("workers: 'auto'", () => {
  test('is one for each processor, or as many whole ones as the quota allows, and says why', () => {
    expect(automatic(8, null)).toEqual({
      count: 8,
      reason: 'one for each of the 8 processors that this process may use',
    });
    expect(automatic(1, null).reason).toBe('one for the one processor that this process may use');
    expect(automatic(8, 16).count).toBe(8);
    expect(automatic(8, 2.5)).toEqual({
      count: 2,
      reason: 'the processor time of 2.50 that a control group allows, of 8 processors',
    });
    expect(automatic(8, 0.5).count).toBe(1);
  });

  test('is what an engine takes by default, and tells', async () => {
    await using engine = await createEngine({ backend: js() });
    expect(engine.workers).toBeLessThanOrEqual(availableParallelism());
    expect(engine.workersReason).toMatch(/processor/);
    await using two = await createEngine({ backend: js(), workers: 2 });
    expect([two.workers, two.workersReason]).toEqual([2, 'as asked']);
  });
});
