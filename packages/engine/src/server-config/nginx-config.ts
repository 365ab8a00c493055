import type { ServerConfigWords } from '@tallylight/messages/server-config';
import { configHead, nginxAddresses } from './config-addresses.js';
import { block, comment, configText, filled, type Lines } from './config-text.js';
import { nginxHttp } from './nginx-http.js';
import { nginxRtmp } from './nginx-rtmp.js';
import { directive } from './nginx-syntax.js';
import type { ServerConfigOptions } from './server-config-options.js';

/** Where Debian's package puts the RTMP module; the packages of Ubuntu, Alpine and Arch have it there, too. */
const modulePath = '/usr/lib/nginx/modules/ngx_rtmp_module.so';

/**
 * A whole configuration of nginx with its RTMP module, with comments that say why. `nginx -c` takes it as it is, of root
 * and of anybody else: everything that nginx writes is in the folder that the options name.
 *
 * @returns its text. It holds the publish key and the keys of `push` in clear.
 */
export function nginxConfig(options: ServerConfigOptions, words: ServerConfigWords): string {
  return configText(
    head(options, words),
    main(options, words),
    '',
    nginxHttp(options, words),
    '',
    nginxRtmp(options, words),
  );
}

function head(options: ServerConfigOptions, words: ServerConfigWords): Lines {
  const { head } = words;
  const commands = [
    [head.check, 'nginx -t -c FILE'],
    [head.start, 'nginx -c FILE'],
    [head.stop, 'nginx -s quit -c FILE'],
  ] as const;
  const titles = [head.nginx[options.role], head.install];
  return configHead({ titles, commands, addresses: nginxAddresses(options) }, options, words);
}

function main({ folder }: ServerConfigOptions, { nginx }: ServerConfigWords): Lines {
  return [
    comment(nginx.module),
    directive('load_module', modulePath),
    '',
    comment(nginx.worker),
    'worker_processes 1;',
    comment(nginx.files),
    'worker_rlimit_nofile 8192;',
    block('events', 'worker_connections 4096;'),
    '',
    comment(filled(nginx.folder, { folder })),
    comment(nginx.pid),
    directive('pid', `${folder}.pid`),
    comment(nginx.log),
    directive('error_log', `${folder}/error.log`, 'notice'),
  ];
}
