export { addRange, isFiniteRange } from './reduction/ranges';
