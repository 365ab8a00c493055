import { ipcRenderer } from 'electron/renderer';

ipcRenderer.send('tallylight:connect');
