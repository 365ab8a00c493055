export { CapturedFrameGrid } from './captured-frame-grid.js';
export { CodedFrameGrid } from './coded-frame-grid.js';
export { FramesBetween } from './frames-between.js';
