import { testCameraOnAir } from './camera-on-air.js';

// The other engine and the other camera are in ./go-live.longer.spec.ts.
testCameraOnAir('file-fed', ['WebCodecs']);
