import type { WindowMessages } from '@tallylight/messages/window';
import { Menu } from 'electron';

/**
 * macOS needs a menu for its clipboard keys and for quitting; elsewhere there is none. The default menu would bring
 * "Reload", which ends a broadcast.
 */
export function setApplicationMenu(quit: () => void, { t }: WindowMessages): void {
  if (process.platform !== 'darwin') {
    Menu.setApplicationMenu(null);
    return;
  }
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: 'Tallylight',
        submenu: [
          { role: 'about' },
          { type: 'separator' },
          { role: 'hide' },
          { role: 'hideOthers' },
          { type: 'separator' },
          { label: t('window.closing.quit'), accelerator: 'Command+Q', click: quit },
        ],
      },
      { role: 'editMenu' },
      { role: 'windowMenu' },
    ]),
  );
}
