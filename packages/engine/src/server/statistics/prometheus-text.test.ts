import { expect, test } from 'vitest';
import { pageWords } from '@tallylight/messages/pages';
import { LiveHub } from 'node-rtmp-client';
import { prometheusText } from './prometheus-text.js';
import { serverMetrics } from './server-metrics.js';
import { ServerStatistics } from './server-statistics.js';

test('a label holds any text: a backslash, a quote and the end of a line are escaped', () => {
  const value = 'a "name"\\of\nstreams';
  expect(
    prometheusText([
      { name: 'a_total', type: 'counter', help: 'One\n\\two.', series: [{ value: 1 }] },
      { name: 'b', type: 'gauge', help: 'B.', series: [{ labels: { app: value }, value: 0.5 }] },
      { name: 'c', type: 'gauge', help: 'Nothing yet.', series: [] },
    ]),
  ).toBe(
    [
      ...['# HELP a_total One\\n\\\\two.', '# TYPE a_total counter', 'a_total 1'],
      ...['# HELP b B.', '# TYPE b gauge', 'b{app="a \\"name\\"\\\\of\\nstreams"} 0.5', ''],
    ].join('\n'),
  );
});

test('the names are as Prometheus wants them: base units, and a total only where it is counted', () => {
  const hub = new LiveHub();
  const statistics = new ServerStatistics(hub, () => ({ rtmp: 1, http: 2 }));
  hub.publish('live', 'one', () => undefined);
  statistics.refuse('player', 'link-expired');
  const metrics = serverMetrics(statistics.snapshot(), pageWords('en').words.metrics);
  expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
  for (const { name, type, help, series } of metrics) {
    expect(name).toMatch(/^(process|tallylight)(_[a-z]+)+$/);
    expect(name).not.toMatch(/_(ms|milliseconds|kb|mb|kilobytes|count|sum|bucket)(_|$)/);
    expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
    expect(help).toMatch(/\.$/);
    expect(series.length, name).toBeGreaterThan(0);
    const sets = series.map(({ labels }) => JSON.stringify(labels ?? {}));
    expect(new Set(sets).size, name).toBe(sets.length);
  }
});
