/** Whether a host, with or without the brackets of IPv6, is this machine under a name that nobody else has for it. */
export const isLoopbackHost = (host: string): boolean =>
  /^(localhost|(::ffff:)?127(\.\d{1,3}){3}|::1)$/i.test(host.replace(/^\[(.*)\]$/, '$1'));
