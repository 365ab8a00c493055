import { createRoot } from 'react-dom/client';
import { within } from 'node-rtmp-client/async';
import { App } from './app.js';
import { StartFailure } from './start-failure.js';
import { toAppErrorInfo } from './state/app-error.js';
import type { Studio } from './control/studio.js';
import './styles.css';

/** The font is part of the program; waiting for it keeps the first words from jumping. */
const fontDeadlineMs = 500;

/** Shows the window once `opening` is fulfilled, or why it is not. */
export async function showStudio(container: HTMLElement, opening: Promise<Studio>): Promise<void> {
  const root = createRoot(container);
  try {
    const [studio] = await Promise.all([opening, fontIsThere()]);
    root.render(<App studio={studio} />);
  } catch (error) {
    root.render(<StartFailure error={toAppErrorInfo(error)} />);
  }
}

async function fontIsThere(): Promise<void> {
  await within(document.fonts.load('13px "Inter Variable"'), fontDeadlineMs);
}
