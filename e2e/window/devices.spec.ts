import { expect, test } from './window-test.js';

/** Cameras, microphones and the test picture in their stead: what is chosen, what is there, and what is said of it. */

test('without a camera the test picture and its beep are chosen', async ({ open, combobox }) => {
  await open('no-camera');
  await expect(combobox('Camera').locator('option:checked')).toHaveText('Test picture');
  await expect(combobox('Microphone').locator('option:checked')).toHaveText('Test beep');
});

const chosenCamera = JSON.stringify({
  ...{ cameraId: 'c1', cameraName: 'Studio camera (1234:5678)' },
  ...{ microphoneId: 'm1', microphoneName: 'Yeti microphone' },
});

test('a chosen camera that may not be used is kept, and nothing goes out in its place', async ({
  page,
  open,
  button,
  combobox,
  sentence,
  status,
}) => {
  await open(`denied&step=20&settings=${chosenCamera}`);
  const chosen = (name: string) => combobox(name).locator('option:checked');
  await expect(chosen('Camera')).toHaveText('Not available: Studio camera (1234:5678)');
  await expect(chosen('Microphone')).toHaveText('Not available: Yeti microphone');
  await expect(sentence()).toContainText('Not ready. Access to the camera or microphone was');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('Could not go live');
  await expect(status()).toContainText('OFF AIR');
  await page.evaluate(() => window.dispatchEvent(new Event('permission-granted')));
  await expect(chosen('Camera')).toHaveText('Studio camera (1234:5678)');
  await expect(chosen('Microphone')).toHaveText('Yeti microphone');
  await expect(sentence()).toContainText('Ready.');
});

test('ffmpeg is not ready either while the chosen camera is not there', async ({
  open,
  combobox,
  sentence,
}) => {
  const gone = { engine: 'ffmpeg', cameraId: 'x', cameraName: 'Capture card' };
  await open(`settings=${JSON.stringify(gone)}`);
  await expect(combobox('Camera').locator('option:checked')).toHaveText(
    'Not available: Capture card',
  );
  await expect(sentence()).toContainText('Not ready. The camera Capture card was not found.');
});

test('a test picture is called one on the way to the air', async ({
  page,
  open,
  button,
  combobox,
}) => {
  await open('scenario=connecting&step=20');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await button('Go Live').click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Picture ready' })).toContainText(
    'Test picture',
  );
});

test('a test picture on air is called one', async ({ open, combobox, sentence, goLive }) => {
  await open('step=20');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await goLive();
  await expect(sentence()).toContainText('The test picture is on air.');
});

test('a microphone that gives no sound is not ready, also once its banner is closed', async ({
  open,
  button,
  sentence,
}) => {
  await open('silent');
  await button('Dismiss').click();
  await expect(sentence()).toContainText('Silence. The microphone gives no sound.');
});

test('a microphone that gave way to the beep is back with the camera, also after another engine', async ({
  page,
  open,
  button,
  combobox,
}) => {
  await open('settings={"microphoneId":"m2"}');
  const chosen = (name: string) => combobox(name).locator('option:checked');
  await expect(chosen('Microphone')).toHaveText('Headset');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(chosen('Microphone')).toHaveText('Test beep');
  await combobox('Camera').selectOption({ label: 'Studio camera (1234:5678)' });
  await expect(chosen('Microphone')).toHaveText('Headset');

  // ffmpeg knows the camera under another id, and not the headset: nothing else is taken in its place.
  await combobox('Engine').selectOption({ label: 'ffmpeg' });
  await expect(chosen('Camera')).toHaveText('Studio camera');
  await expect(chosen('Microphone')).toHaveText('Not available: Headset');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('Headset');
  await combobox('Engine').selectOption({ label: 'WebCodecs' });
  await expect(chosen('Camera')).toHaveText('Studio camera (1234:5678)');
  await expect(chosen('Microphone')).toHaveText('Headset');
});

test('a size that the camera lacks is said, can be chosen, and keeps the picture', async ({
  page,
  open,
  combobox,
}) => {
  await open('small-camera');
  const enlarged = combobox('Resolution').locator('optgroup[label="Enlarged from 640×480"] option');
  await expect(enlarged).toHaveText(['1920×1080', '1600×900', '1280×720', '960×540']);
  await combobox('Resolution').selectOption('1920x1080');
  await expect(page.getByRole('main')).toContainText('1920×1080 · 30 fps · WebCodecs');
  await expect(page.getByLabel('Preview')).toBeVisible();
  await combobox('Engine').selectOption({ label: 'MediaRecorder' });
  await expect(page.getByRole('main')).toContainText('1920×1080 · 30 fps · MediaRecorder');
});

test('the test picture brings its beep', async ({ open, combobox }) => {
  await open();
  await expect(combobox('Microphone').locator('option:checked')).toHaveText('Yeti microphone');
  await combobox('Camera').selectOption({ label: 'Test picture' });
  await expect(combobox('Microphone').locator('option:checked')).toHaveText('Test beep');
});

test('a camera that is in use is named before and after the button', async ({
  page,
  open,
  button,
}) => {
  await open('camera-in-use');
  await expect(page.getByRole('main')).toContainText('in use by another program');
  await expect(page.getByRole('alert')).toHaveText('');
  await button('Go Live').click();
  await expect(page.getByRole('alert')).toContainText('in use by another program');
});

test('devices are looked for again when access is granted, and by hand', async ({
  page,
  open,
  combobox,
}) => {
  await open('denied');
  await expect(page.getByRole('alert')).toContainText(
    'Access to the camera or microphone was denied',
  );
  await expect(page.getByRole('alert').getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(combobox('Camera').locator('option:checked')).toHaveText('Test picture');
  await page.evaluate(() => window.dispatchEvent(new Event('permission-granted')));
  await expect(combobox('Camera').locator('option:checked')).toHaveText(/^Studio camera/);
  await expect(page.getByRole('alert')).toHaveText('');
});

test('the sound meter moves and tells its value', async ({ page, open }) => {
  await open();
  const meter = page.getByRole('meter');
  const value = () => meter.getAttribute('aria-valuetext');
  await expect.poll(value).toMatch(/^−\d+\.\d dB, /);
  const before = await value();
  await expect.poll(value).not.toBe(before);
  const shown = await meter.evaluate(async (bar) => {
    const seen: { bar: number; figure: string }[] = [];
    while (seen.length < 90) {
      await new Promise(requestAnimationFrame);
      const level = Number.parseFloat(bar.style.getPropertyValue('--level'));
      const figure = bar.closest('section')?.textContent.match(/−?[\d.]+(?= dB$)/)?.[0] ?? '';
      seen.push({ bar: level * 0.6 - 60, figure });
    }
    return seen;
  });
  // The figure changes less often, so that it can be read, and then to where the bar is.
  const changes = shown.filter(({ figure }, i) => i > 0 && figure !== shown[i - 1]?.figure);
  const bars = shown.filter(({ bar }, i) => i > 0 && bar !== shown[i - 1]?.bar);
  expect(changes.length).toBeGreaterThan(3);
  expect(changes.length).toBeLessThan(bars.length);
  for (const { bar, figure } of changes) {
    expect(Math.abs(Number(figure.replace('−', '-')) - bar)).toBeLessThan(0.1);
  }
});

test('a silent microphone is mentioned, until dismissed', async ({ page, open, button }) => {
  await open('silent');
  const banner = page.getByText('Is the microphone muted?');
  await expect(banner).toBeVisible();
  await button('Dismiss').click();
  await expect(banner).toBeHidden();
});
