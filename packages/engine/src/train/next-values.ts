/** What optimizers, constraints and schedules make of a variable, checked before any of it becomes a program. */
import { callRule } from '../define/op/author-rule.js';
import { describeValue } from '../define/plugin/describe-value.js';
import type { Optimizer, UpdateInput } from '../define/optimizer.js';
import type { Schedule } from '../define/schedule.js';
import { formatShape, sameShape, type Shape } from '../define/op/shape.js';
import { SymbolicTensor } from '../define/op/symbolic-tensor.js';
import type { Variable } from '../define/variable/variable.js';
import { inPlace, ValueError } from '../errors.js';

/**
 * The optimizer's next values for one variable, by name: 'variable', and each name of its state.
 *
 * @throws ValueError naming optimizer, value and variable: one that is missing, left over, or of another shape
 */
export function nextValues(
  optimizer: Optimizer,
  variable: Variable,
  input: UpdateInput,
): (name: string) => SymbolicTensor {
  const place = `optimizer '${optimizer.name}'`;
  return inPlace(place, () => {
    const next: unknown = callRule(place, 'update', () => optimizer.update(input));
    if (typeof next !== 'object' || next === null) {
      throw new ValueError(`update must give an object of the next values, got ${describeValue(next)}`, 'UPDATE');
    }
    const values = new Map<string, unknown>(Object.entries(next));
    const names = ['variable', ...Object.keys(input.state)];
    for (const name of names) {
      if (values.has(name)) continue;
      throw new ValueError(`update gives no '${name}' for variable '${variable.name}'`, 'UPDATE');
    }
    const extra = [...values.keys()].find((name) => !names.includes(name));
    if (extra !== undefined) {
      throw new ValueError(
        `update gives '${extra}', which is not in its state: [${names.slice(1).join(', ')}]`,
        'UPDATE',
      );
    }
    return (name) => inPlace(place, () => checkedValue(`the '${name}' that update gives`, variable, values.get(name)));
  });
}

/** The value that the variable's constraint makes of the next one. */
export function projected(variable: Variable, next: SymbolicTensor): SymbolicTensor {
  const { constraint } = variable;
  if (constraint === null) return next;
  const place = `constraint of variable '${variable.name}'`;
  return inPlace(place, () =>
    checkedValue(
      'its projection',
      variable,
      callRule(place, 'project', () => constraint.project(next)),
    ),
  );
}

/** A schedule's rate at a step. */
export function scheduledRate(schedule: Schedule, step: SymbolicTensor): SymbolicTensor {
  const place = `schedule '${schedule.config.part.name}'`;
  return inPlace(place, () =>
    checkedTensor(
      'its rate',
      [],
      callRule(place, 'at', () => schedule.at(step)),
    ),
  );
}

/** @throws ValueError unless the value is a tensor in ops of the variable's shape */
export function checkedValue(what: string, variable: Variable, value: unknown): SymbolicTensor {
  return checkedTensor(`${what} for variable '${variable.name}'`, variable.shape, value);
}

function checkedTensor(what: string, shape: Shape, value: unknown): SymbolicTensor {
  if (value instanceof SymbolicTensor && sameShape(value.shape, shape)) return value;
  const got = value instanceof SymbolicTensor ? `shape ${formatShape(value.shape)}` : describeValue(value);
  throw new ValueError(`${what} must be a tensor in ops of shape ${formatShape(shape)}, got ${got}`, 'SHAPE_MISMATCH');
}
