import { defineConfig } from '@playwright/test';
import base from './playwright.config.js';

/** What takes most of a minute: `npm run test:all` runs it after everything else. */
export default defineConfig(base, { testMatch: '*.longer.spec.ts', testIgnore: [] });
