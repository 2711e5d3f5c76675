/**
 * Ops and graph, memory, worker pool and training: what models, and the plugins that extend them, are made with.
 *
 * @packageDocumentation
 */
export { createEngine, type EngineOptions } from './create-engine.js';
export type { Engine, InputOptions } from './engine.js';
export * from './errors.js';

export type { Activation } from './define/activation.js';
export { defineBackend, type Backend, type BackendOptions } from './define/plugin/backend.js';
export { defineConstraint, type Constraint, type ConstraintFactory } from './define/constraint.js';
export {
  defineInitializer,
  type Initializer,
  type InitializerFactory,
  type InitializerInput,
  type RandomSource,
} from './define/initializer.js';
export { defineLayer, type LayerFactory, type OptionsArguments } from './define/layer/define-layer.js';
export { Layer, type ApplyOptions, type CallOptions } from './define/layer/layer.js';
export type { LayerOptions } from './define/layer/layer-options.js';
export type { AddVariableOptions } from './define/layer/layer-variables.js';
export type { Update } from './define/layer/update.js';
export type { Partition, Partitioner } from './define/variable/partitioner.js';
export type { ScopeOptions, VariableScope } from './define/variable/variable-scope.js';
export type { VariablePart } from './define/variable/variable-part.js';
export type { Collections, Graph } from './define/op/graph.js';
export type { InboundNode } from './define/layer/inbound-node.js';
export type { InputSpec } from './define/layer/input-spec.js';
export type { LayerHost } from './define/layer/layer-host.js';
export type {
  ActivationOption,
  ConstraintOption,
  InitializerOption,
  RegularizerOption,
} from './define/layer/named-parts.js';
export { resolveActivation } from './define/layer/named-parts.js';
export { defineLoss, defineMetric } from './define/loss.js';
export type { Loss, LossFactory, LossRule, Metric, MetricFactory, MetricRule, TargetSpec } from './define/loss.js';
export { defineOp } from './define/op/op.js';
export type { Op, OpDefinition, OperandsOf, OpRules, ShapesOf } from './define/op/op.js';
export { hogwild, type HogwildOptions } from './async/strategies/hogwild.js';
export { localSgd, type LocalSgdOptions } from './async/strategies/local-sgd.js';
export { elasticAveraging, type ElasticAveragingOptions } from './async/strategies/elastic-averaging.js';
export { parameterServer, type ParameterServerOptions } from './async/strategies/parameter-server.js';
export { simulate, type SimulateOptions } from './async/simulate/simulate.js';
export { simulated } from './async/simulate/simulated.js';
export type { Link, World } from './define/world.js';
export { printReport, type ReplicaReport, type ReplicaShare } from './async/report.js';
export * from './async/parties.js';
export { defineStrategy, synchronous } from './define/strategy.js';
export type {
  Mixing,
  ReplicaStrategy,
  Strategy,
  StrategyFactory,
  StrategyRule,
  SynchronousOptions,
  SynchronousStrategy,
  TrainedModel,
} from './define/strategy.js';
export { defineCodec, defineCoder } from './define/codec.js';
export type { Codec, CodecFactory, CodecRule, Coder, CoderFactory } from './define/codec.js';
export { quantized } from './async/codecs/quantized.js';
export { topK, type TopKOptions } from './async/codecs/top-k.js';
export { defineOptimizer } from './define/optimizer.js';
export type { Optimizer, OptimizerFactory, OptimizerRule, UpdateInput } from './define/optimizer.js';
export { describeValue } from './define/plugin/describe-value.js';
export { checkNumber, checkOptions } from './define/plugin/options.js';
export { takes } from './define/op/takes.js';
export { definePlugin } from './define/plugin/plugin.js';
export type { Part, PartConfig, PartKind, Plugin, PluginOptions } from './define/plugin/plugin.js';
export { literal } from './define/op/constant.js';
export { defineRegularizer, type Regularizer, type RegularizerFactory } from './define/regularizer.js';
export { defineSchedule, type Schedule, type ScheduleFactory } from './define/schedule.js';
export { checkShape, formatShape, type DType, type Dimension, type Shape } from './define/op/shape.js';
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
  type Slider,
  type Window,
  type WindowOptions,
} from './define/op/sliding-window.js';
export { SymbolicTensor } from './define/op/symbolic-tensor.js';
export { Tensor, type TensorValues } from './define/op/tensor.js';
export { Variable } from './define/variable/variable.js';

export * from './standard/ops/index.js';
/** Keras's constraints, except that a value that is feasible already is kept bit for bit. */
export * as constraints from './standard/constraints.js';
/** Initial values of variables: functions of the engine's seed, the variable's name and its shape. */
export * as initializers from './standard/initializers/index.js';
/** Losses: the mean over the examples of a batch, and over all further axes. */
export * as losses from './standard/losses.js';
/** Penalties on weights and outputs, added to the training loss. */
export * as regularizers from './standard/regularizers.js';
/** TensorFlow's partitioners. Byte sizes count 4 bytes an element. */
export * as partitioners from './standard/partitioners.js';
/** Metrics: the mean over all examples of an epoch, or of what `evaluate` is given. */
export * as metrics from './standard/metrics.js';
export { standard } from './standard/plugin.js';

export type { ArrayData, Data, DataArray, NumericArray, StreamData } from './data/dataset.js';
export type { FitEvent, History, Logs } from './train/events.js';
export type { Callbacks, FitOptions } from './train/fit-options.js';
export type { FitRun } from './train/fit-run.js';
export type { EvaluateOptions } from './train/evaluate-options.js';
export type { Model } from './train/model.js';
export type { CompileOptions } from './train/compile.js';
export type { Program } from './graph/program.js';
