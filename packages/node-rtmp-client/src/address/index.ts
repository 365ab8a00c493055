/** What an address is and how it is read. Works in a browser, too. */
export { isLoopbackHost } from './loopback.js';
export { showAddress, type RtmpAddress, type ShownAddress } from './rtmp-address.js';
export { parseRtmpUrl, readRtmpUrl, type RtmpUrlProblem } from './rtmp-url.js';
export { RtmpError } from '../session/rtmp-error.js';
export { tidyTypedKey } from './labelled-text.js';
export { tidyTypedUrl } from './tidy-typed-url.js';
export { keyInServerUrl, looksLikeKey, splitWholeUrl, type WholeUrl } from './typed-address.js';
