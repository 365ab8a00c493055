/** One metric with its series; `name` and `help` as Prometheus' conventions want them. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly series: readonly Series[];
}

export interface Series {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8';

/** Prometheus' text exposition format, version 0.0.4. A metric without a series is left out. */
export const prometheusText = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ series }) => series.length > 0)
    .map(({ name, type, help, series }) =>
      [
        `# HELP ${name} ${escapeHelp(help)}`,
        `# TYPE ${name} ${type}`,
        ...series.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}`),
        '',
      ].join('\n'),
    )
    .join('');

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"');
