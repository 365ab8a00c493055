import { testCameraOnAir } from './camera-on-air.js';

testCameraOnAir('built-in');
