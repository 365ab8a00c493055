import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import {
  listMediaDevices,
  onDeviceChange,
  openCapture,
  startEngine,
} from './media/media-engine.js';
import { StartFailure } from './start-failure.js';
import { toAppErrorInfo } from './state/app-error.js';
import { openStudio } from './state/studio.js';
import './styles.css';
import { connect } from './transport/connection.js';

/** The font is part of the program; waiting for it keeps the first words from jumping. */
const fontDeadlineMs = 500;

async function openWindow(container: HTMLElement): Promise<void> {
  const root = createRoot(container);
  try {
    const media = { openCapture, startEngine, listMediaDevices, onDeviceChange };
    const [studio] = await Promise.all([openStudio(await connect(), media), fontIsThere()]);
    root.render(<App studio={studio} />);
  } catch (error) {
    root.render(<StartFailure error={toAppErrorInfo(error)} />);
  }
}

async function fontIsThere(): Promise<void> {
  await Promise.race([
    document.fonts.load('13px "Inter Variable"'),
    new Promise((resolve) => setTimeout(resolve, fontDeadlineMs)),
  ]);
}

const container = document.getElementById('root');
if (container) void openWindow(container);
