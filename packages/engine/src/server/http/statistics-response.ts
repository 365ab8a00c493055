import type { IncomingMessage, ServerResponse } from 'node:http';
import { pageWords, type Refusal } from '@tallylight/messages/pages';
import type { PlayAccess } from '../access/play-access.js';
import type { MetricSupplier } from '../statistics/metric-makers.js';
import { prometheusContentType, prometheusText } from '../statistics/prometheus-text.js';
import { serverMetrics } from '../statistics/server-metrics.js';
import type { ServerStatistics } from '../statistics/server-statistics.js';
import { refuse } from './refusal.js';
import { isOnThisMachine } from './request-origin.js';
import { credentialsOf, originOf } from './request-target.js';
import { sendJson } from './send-json.js';

export interface StatisticsParts {
  readonly access: PlayAccess;
  readonly statistics: ServerStatistics;
  readonly hasMetrics: boolean;
  /** What Prometheus is told besides. */
  readonly moreMetrics?: MetricSupplier | undefined;
}

/** What tells of every stream, and of those who publish and play. */
const statisticsPaths: ReadonlySet<string> = new Set(['/stat', '/api/stat', '/metrics']);

/** Answers what is asked of the statistics; false for everything else, and for their page where it may be seen. */
export function answerStatistics(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  parts: StatisticsParts,
): boolean {
  const { access, statistics, hasMetrics } = parts;
  if (!statisticsPaths.has(path)) return false;
  const refusal = statisticsRefusal(request, access);
  if (refusal !== undefined) refuse(request, response, 403, refusal);
  else if (path === '/api/stat') sendJson(response, statistics.snapshot());
  else if (path === '/metrics' && hasMetrics) sendMetrics(request, response, parts);
  else return false;
  return true;
}

/**
 * Why somebody may not see the statistics: they are for whoever has the play key, or a link for all streams; without a
 * play key for this machine alone, also where everybody may watch.
 */
export function statisticsRefusal(
  request: IncomingMessage,
  access: PlayAccess,
): Refusal | undefined {
  if (!access.wantsKey) return isOnThisMachine(originOf(request)) ? undefined : 'statisticsNeedKey';
  const identity = access.identify(credentialsOf(request));
  if (identity.type === 'refused') return identity.why;
  return identity.stream === undefined ? undefined : 'statisticsOfAll';
}

/** As Prometheus reads them. */
function sendMetrics(
  { headers }: IncomingMessage,
  response: ServerResponse,
  { statistics, moreMetrics }: StatisticsParts,
): void {
  const { words } = pageWords(headers['accept-language']);
  response.writeHead(200, { 'content-type': prometheusContentType, 'cache-control': 'no-store' });
  const ofServer = serverMetrics(statistics.snapshot(), words.metrics);
  response.end(prometheusText([...ofServer, ...(moreMetrics?.(words.metrics) ?? [])]));
}
