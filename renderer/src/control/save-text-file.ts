/** Saves a text as a file: a browser puts it where downloads go, the desktop app asks where. */
export function saveTextFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // What is being saved keeps what it needs.
  URL.revokeObjectURL(url);
}
