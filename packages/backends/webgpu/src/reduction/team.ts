/** How the threads of one workgroup bring a value of each together. */

/** How two values are combined, and what changes nothing. */
export interface Combination {
  readonly initial: string;
  readonly of: (a: string, b: string) => string;
  /** The function of WGSL that combines the values of a subgroup. */
  readonly subgroup: string;
}

export const SUM: Combination = { initial: '0.0', of: (a, b) => `${a} + ${b}`, subgroup: 'subgroupAdd' };

export const MAX: Combination = {
  initial: '-3.4028234e38',
  of: (a, b) => `max(${a}, ${b})`,
  subgroup: 'subgroupMax',
};

/** Threads of a team: one workgroup. */
export const TEAM = 64;

/**
 * Declares `fn NAME(mine: f32, lane: u32) -> f32`, which gives each thread of the team the combination of all their values. It has barriers: to be called
 * in uniform control flow, and once in a shader, for it has its own workgroup memory, which is not free before all have read it.
 */
export function teamFunction(name: string, combination: Combination, subgroups: boolean): string {
  return subgroups ? bySubgroups(name, combination) : byTree(name, combination);
}

/** As a tree in workgroup memory: seven barriers. */
function byTree(name: string, { of }: Combination): string {
  return `var<workgroup> of_${name}: array<f32, ${TEAM}>;
fn ${name}(mine: f32, lane: u32) -> f32 {
  of_${name}[lane] = mine;
  for (var stride = ${TEAM / 2}u; stride > 0u; stride /= 2u) {
    workgroupBarrier();
    if (lane < stride) { of_${name}[lane] = ${of(`of_${name}[lane]`, `of_${name}[lane + stride]`)}; }
  }
  workgroupBarrier();
  return of_${name}[0];
}`;
}

/**
 * Each subgroup by itself, then all subgroups what each of them has found: one barrier. Nothing is taken for granted of a subgroup: a driver may report another
 * size than it runs with, or fill one in part, so its threads are counted, and they number themselves. Whoever is elected leaves its subgroup's value in its
 * own place, others what changes nothing. The order of a sum is the driver's, the same in each run of one compiled shader.
 */
function bySubgroups(name: string, { initial, of, subgroup }: Combination): string {
  return `var<workgroup> of_${name}: array<f32, ${TEAM}>;
fn ${name}(mine: f32, lane: u32) -> f32 {
  let ours = ${subgroup}(mine);
  of_${name}[lane] = select(${initial}, ours, subgroupElect());
  let members = subgroupAdd(1u);
  let number = subgroupExclusiveAdd(1u);
  workgroupBarrier();
  var some = ${initial};
  for (var place = number; place < ${TEAM}u; place += members) { some = ${of('some', `of_${name}[place]`)}; }
  return ${subgroup}(some);
}`;
}
