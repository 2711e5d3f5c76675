/** The parts of the example that benchmarks and tests read. */
export { contenders, type Contender } from './contenders.js';
export { racePicture } from './race-picture.js';
export { raceTable } from './race-table.js';
export type { Milestone, Race } from './race.js';
export { Straggler } from './straggler/straggler.js';
