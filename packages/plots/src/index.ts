/**
 * Pictures of runs as SVG text: of a report of several replicas, and of lines over axes.
 *
 * @packageDocumentation
 */
export type { Axis } from './chart/axis.js';
export { lineCharts, type LineChart, type LineCharts, type LineSeries } from './line-charts.js';
export { plotReport } from './report-plot.js';
