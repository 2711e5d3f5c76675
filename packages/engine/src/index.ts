export { createEngine, type EngineOptions } from './create-engine.js';
export type { Engine, InputOptions } from './engine.js';
export * from './errors.js';

export type { Activation } from './define/activation.js';
export { defineBackend, type Backend, type BackendOptions } from './define/backend.js';
export { defineConstraint, type Constraint, type ConstraintFactory } from './define/constraint.js';
export {
  defineInitializer,
  type Initializer,
  type InitializerFactory,
  type RandomSource,
} from './define/initializer.js';
export { defineLayer, type LayerFactory } from './define/define-layer.js';
export { Layer, type ApplyOptions, type CallOptions } from './define/layer.js';
export type { LayerOptions } from './define/layer-options.js';
export type { AddVariableOptions } from './define/layer-variables.js';
export type { Update } from './define/update.js';
export type { Partition, Partitioner } from './define/partitioner.js';
export type { ScopeOptions, VariableScope } from './define/variable-scope.js';
export type { VariablePart } from './define/variable-part.js';
export type { Collections, Graph } from './define/graph.js';
export type { InputSpec } from './define/input-spec.js';
export type { ActivationOption, ConstraintOption, InitializerOption, RegularizerOption } from './define/named-parts.js';
export { resolveActivation } from './define/named-parts.js';
export { defineLoss, defineMetric } from './define/loss.js';
export type { Loss, LossFactory, LossRule, Metric, MetricFactory, MetricRule, TargetSpec } from './define/loss.js';
export { defineOp, type Op, type OpRules } from './define/op.js';
export { defineOptimizer } from './define/optimizer.js';
export type { Optimizer, OptimizerFactory, OptimizerRule, UpdateInput } from './define/optimizer.js';
export { describeValue } from './define/describe-value.js';
export { checkNumber, checkOptions } from './define/options.js';
export { takes } from './define/takes.js';
export { definePlugin, type Part, type Plugin, type PluginOptions } from './define/plugin.js';
export { literal } from './define/constant.js';
export { defineRegularizer, type Regularizer, type RegularizerFactory } from './define/regularizer.js';
export { defineSchedule, type Schedule, type ScheduleFactory } from './define/schedule.js';
export { checkShape, formatShape, type DType, type Dimension, type Shape } from './define/shape.js';
export {
  axesOf,
  outputImage,
  positivePair,
  resolveWindow,
  spelledDataFormat,
  spelledPadding,
  WINDOW_OPTIONS,
  type DataFormat,
  type DataFormatOption,
  type Padding,
  type PaddingAmounts,
  type Pair,
  type Window,
  type WindowOptions,
} from './define/sliding-window.js';
export { SymbolicTensor } from './define/symbolic-tensor.js';
export { Tensor } from './define/tensor.js';
export { Variable } from './define/variable.js';

export * from './standard/ops/index.js';
export * as constraints from './standard/constraints.js';
export * as initializers from './standard/initializers/index.js';
export * as losses from './standard/losses.js';
export * as regularizers from './standard/regularizers.js';
export * as partitioners from './standard/partitioners.js';
export * as metrics from './standard/metrics.js';
export { standard } from './standard/plugin.js';

export type { ArrayData, Data, NumericArray, StreamData } from './data/dataset.js';
export type { FitEvent, History, Logs } from './train/events.js';
export type { Callbacks, FitOptions } from './train/fit-options.js';
export type { FitRun } from './train/fit-run.js';
export type { EvaluateOptions, Model } from './train/model.js';
export type { CompileOptions } from './train/compile.js';
export type { Program } from './graph/program.js';
