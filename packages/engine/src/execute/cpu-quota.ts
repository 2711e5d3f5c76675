import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Processors' worth of time that the control groups around this process allow it, or null without a limit: the smallest quota on the
 * way up, of version 2 (`cpu.max`: "quota period") or 1 (`cpu.cfs_quota_us`, -1 for none).
 *
 * @param root - where /proc and /sys are mounted
 */
export function cpuQuota(root = '/'): number | null {
  const quotas = groupsOf(root).flatMap(({ controllers, group }) =>
    controllers === ''
      ? upwards(group).map((at) => unified(path.join(root, 'sys/fs/cgroup', at)))
      : upwards(group).map((at) => legacy(path.join(root, 'sys/fs/cgroup/cpu', at))),
  );
  const limits = quotas.filter((quota) => quota !== null);
  return limits.length === 0 ? null : Math.min(...limits);
}

/** Lines of /proc/self/cgroup, "id:controllers:path", that can limit the processor. */
function groupsOf(root: string): { controllers: string; group: string }[] {
  const text = contents(path.join(root, 'proc/self/cgroup')) ?? '';
  return text.split('\n').flatMap((line) => {
    const [, controllers, group] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const limits = controllers === '' || controllers?.split(',').includes('cpu');
    return limits && group !== undefined ? [{ controllers: controllers as string, group }] : [];
  });
}

/** A path and those above it. In a container the group may stand at the root, whatever its path outside. */
function upwards(group: string): string[] {
  const parts = group.split('/').filter((part) => part !== '');
  return Array.from({ length: parts.length + 1 }, (_, i) => parts.slice(0, i).join('/'));
}

function unified(folder: string): number | null {
  const [quota, period] = (contents(path.join(folder, 'cpu.max')) ?? 'max').trim().split(/\s+/).map(Number);
  return ratio(quota, period);
}

function legacy(folder: string): number | null {
  const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) =>
    Number(contents(path.join(folder, name)) ?? -1),
  );
  return ratio(quota, period);
}

function ratio(quota = -1, period = 0): number | null {
  return quota > 0 && period > 0 ? quota / period : null;
}

/** Null where there is no such file: not every system has control groups. */
function contents(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}
