import { testCameraOnAir } from './camera-on-air.js';

testCameraOnAir('file-fed');
