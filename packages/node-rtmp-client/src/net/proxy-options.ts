/** A proxy to connect through. It resolves the server's name itself. */
export interface ProxyOptions {
  /** 'socks5' is RFC 1928; 'http' is the CONNECT method, RFC 9110 §9.3.6. */
  readonly type: 'socks5' | 'http';
  readonly host: string;
  readonly port: number;
  /** Secret, as is the password: neither is in any error. */
  readonly user?: string;
  readonly password?: string;
}

/** What a proxy is asked to connect to. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}
