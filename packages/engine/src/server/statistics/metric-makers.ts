import type { PageWords } from '@tallylight/messages/pages';
import type { Metric, Series } from './prometheus-text.js';

/** What is said of each metric, by its name. */
export type MetricHelp = PageWords['metrics'];

/** Whoever else has something to tell to Prometheus: asked at each reading, in the language of who reads. */
export type MetricSupplier = (help: MetricHelp) => readonly Metric[];

/** What makes metrics that are called and explained as `help` has it. */
export function metricMakers(help: MetricHelp) {
  const maker =
    (type: Metric['type']) =>
    (name: keyof MetricHelp, ...series: readonly Series[]): Metric => ({
      ...{ name, type, help: help[name], series },
    });
  return { gauge: maker('gauge'), counter: maker('counter') };
}
