/** The servers that configurations are written for. */
export type ServerEngine = 'nginx' | 'srs';
