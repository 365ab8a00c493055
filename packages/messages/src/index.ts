export * from './catalog.js';
export * from './error-sentences.js';
export * from './language.js';
export * from './messages.js';
