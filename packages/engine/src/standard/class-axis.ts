import { formatShape, type Shape } from '../define/op/shape.js';
import { ValueError } from '../errors.js';

/** Length of an output's last axis, its classes. @throws ValueError when that is the batch */
export function classesOf(output: Shape): number {
  const classes = output.at(-1);
  if (output.length >= 2 && typeof classes === 'number') return classes;
  throw new ValueError(
    `the output needs an axis of classes, as [batch, classes], got shape ${formatShape(output)}`,
    'CLASSES',
  );
}
