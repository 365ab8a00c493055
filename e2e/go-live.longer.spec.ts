import { test } from '@playwright/test';
import { testCameraOnAir } from './camera-on-air.js';

test.describe('built in', () => testCameraOnAir('built-in', ['WebCodecs', 'MediaRecorder']));
test.describe('fed from a file', () => testCameraOnAir('file-fed', ['MediaRecorder']));
