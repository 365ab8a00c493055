/** What answers a window over the contract. Apart from the engine's index: a command line without a window needs none of it. */
export { createWindowService, type WindowService } from './window-service.js';
export type { EngineContext, EngineRouter } from './router.js';
export type { ProcedurePort, WindowPorts } from './serve-window.js';
export { readWindowFile, windowSecurityHeaders } from './window-files.js';
