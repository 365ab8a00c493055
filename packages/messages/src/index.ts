export { formatBytes } from './format-bytes.js';
export * from './catalog.js';
export * from './error-sentences.js';
export * from './language.js';
export * from './messages.js';
export { specialRemedy } from './special-remedy.js';
