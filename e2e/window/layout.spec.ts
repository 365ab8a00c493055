import { comboboxes, expect, test, twitch } from './window-test.js';

/** Names, languages and sizes: everything is there, in its place, and in sight. */

test('every promised name is there, once', async ({
  page,
  open,
  button,
  combobox,
  textbox,
  tick,
  status,
}) => {
  await open();
  await expect(tick('Built-in server')).toBeChecked();
  await expect(tick('Twitch (main)')).not.toBeChecked();
  await expect(button('Edit Twitch (main)')).toHaveCount(1);
  await expect(button('Edit Built-in server')).toHaveCount(0);
  await button('New profile').click();
  for (const name of comboboxes) await expect(combobox(name)).toHaveCount(1);
  for (const name of ['Profile name', 'Server URL']) await expect(textbox(name)).toHaveCount(1);
  await expect(page.getByLabel('Stream key')).toHaveCount(1);
  await expect(page.getByLabel('Stream key')).toHaveAttribute('type', 'password');
  for (const name of ['New profile', 'Save profile', 'Delete profile', 'Go Live']) {
    await expect(button(name)).toHaveCount(1);
  }
  await expect(status()).toHaveText('OFF AIR');
  await expect(page.getByRole('alert')).toHaveText('');
  await expect(combobox('Engine').locator('option')).toHaveText([
    'WebCodecs',
    'MediaRecorder',
    'ffmpeg',
  ]);
});

test('every promised name is there on air, once', async ({ page, open, button, tick, goLive }) => {
  const three = 'settings={"profileIds":["twitch","p1","p2"]}';
  await open(`scenario=one-refused&profiles=3&step=20&recordings=some&${three}`);
  await goLive();
  const row = page.getByRole('group', { name: 'Destinations' }).getByRole('listitem');
  await tick('Bilibili 直播间').check();
  for (const name of ['Retry now', 'Add now', 'Save replay', 'Record', 'New profile', 'Stop']) {
    await expect(button(name)).toHaveCount(1);
  }
  await expect(
    row.filter({ hasText: 'Bilibili' }).getByRole('button', { name: 'Check', exact: true }),
  ).toHaveCount(1);
  await expect(page.getByRole('slider', { name: 'Video bitrate limit', exact: true })).toHaveCount(
    1,
  );
  await button('Record').click();
  await expect(button('Stop recording')).toHaveCount(1);
  await expect(button('Record')).toHaveCount(0);
});

for (const size of [
  { width: 420, height: 900 },
  { width: 640, height: 400 },
]) {
  test(`an alert leaves most of the picture free at ${size.width}×${size.height}, and can be closed`, async ({
    page,
    open,
  }) => {
    await open('denied', size);
    const alert = page.getByRole('alert');
    await expect(alert.getByRole('button', { name: 'Try again' })).toBeVisible();
    const covered = await alert.evaluate((element) => {
      const overlay = element.parentElement?.getBoundingClientRect().height ?? 0;
      return overlay / (element.closest('.preview-frame')?.getBoundingClientRect().height ?? 0);
    });
    expect(covered).toBeLessThan(0.5);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
    await expect(alert).toHaveText('');
  });
}

test('speaks another language at once, and names each by its own name', async ({
  page,
  open,
  button,
  combobox,
  status,
}) => {
  await open();
  const choice = combobox('Language');
  await expect(choice.locator('option')).toHaveText(['System', 'English', '中文']);
  await choice.selectOption('zh-CN');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(button('开播')).toBeVisible();
  await expect(status()).toHaveText('未开播');
  const group = page.getByRole('group', { name: '推流目的地', exact: true });
  await expect(group.getByRole('checkbox', { name: '内置服务器', exact: true })).toBeChecked();
  await combobox('语言').selectOption('en');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(button('Go Live')).toBeVisible();
});

test('follows the language of the system, another Chinese, too', async ({ browser, harness }) => {
  const page = await browser.newPage({ baseURL: harness.url, locale: 'zh-TW' });
  await page.goto('?settings={"language":"system"}');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  const choice = page.getByRole('combobox', { name: '语言', exact: true });
  await expect(choice.locator('option:checked')).toHaveText('跟随系统');
  await page.close();
});

test('how it goes is in sight when it changes, wherever the choices were scrolled to', async ({
  page,
  open,
  button,
  textbox,
  status,
}) => {
  // Slowly, so that it is scrolled away again before it is live, on a busy machine, too.
  await open('step=1000', { width: 900, height: 640 });
  await button('New profile').click();
  await textbox('Profile name').fill('Choir');
  await textbox('Server URL').fill('rtmp://choir.example/live');
  await button('Save profile').scrollIntoViewIfNeeded();
  await button('Go Live').click();
  await expect(page.getByText('This computer', { exact: true })).toBeInViewport({ ratio: 1 });
  await button('Save profile').scrollIntoViewIfNeeded();
  await expect(status()).toHaveText('LIVE');
  await expect(page.getByText(/^On air/).first()).toBeInViewport({ ratio: 1 });
});

test('the list of phases keeps its lines, and no detail is cut', async ({
  page,
  open,
  button,
  status,
}) => {
  await open('scenario=connecting&step=20');
  await button('Go Live').click();
  await expect(status()).toContainText('Presenting the stream key');
  const unencrypted = page.getByRole('listitem').filter({ hasText: 'Encryption' });
  await expect(unencrypted).toContainText('not needed');
  const phases = await page.getByRole('complementary').getByRole('listitem').count();
  await button('Cancel').click();
  await button('Go Live').click();
  await expect(page.getByRole('complementary').getByRole('listitem')).toHaveCount(phases);
  const cut = await page
    .getByRole('complementary')
    .getByRole('listitem')
    .locator('*')
    .evaluateAll((elements) => elements.filter((e) => e.scrollWidth > e.clientWidth + 1).length);
  expect(cut).toBe(0);
});

for (const size of [
  { width: 900, height: 640 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]) {
  test(`everything is in its place at ${size.width}×${size.height}`, async ({
    page,
    open,
    button,
    sentence,
    goLive,
  }) => {
    await open('step=20', size);
    await goLive();
    const preview = await page.getByLabel('Preview').boundingBox();
    const meter = await page.getByRole('meter').boundingBox();
    const stop = await button('Stop').boundingBox();
    if (!preview || !meter || !stop) throw new Error('not all of it is there');
    expect(preview.width / preview.height).toBeCloseTo(16 / 9, 1);
    expect(preview.width).toBeGreaterThan(size.width / 2);
    expect(meter.y).toBeGreaterThan(preview.y + preview.height);
    expect(stop.y).toBeGreaterThan(meter.y + meter.height);
    expect(stop.y + stop.height).toBeLessThan(size.height);
    await expect(sentence()).toBeInViewport({ ratio: 1 });
    const scrolls = await page.evaluate(
      () =>
        document.documentElement.scrollWidth > innerWidth ||
        document.body.scrollHeight > innerHeight,
    );
    expect(scrolls).toBe(false);
  });
}

test('the time of the show is whole at 900×640, however long the names of its destinations', async ({
  page,
  open,
  button,
}, info) => {
  const settings = JSON.stringify({ profileIds: ['twitch', 'p1', 'p2', 'p4'] });
  const query = `scenario=one-refused&profiles=4&step=20&recordings=some&settings=${settings}`;
  await open(query, { width: 900, height: 640 });
  await button('Go Live').click();
  const header = page.getByRole('banner');
  await expect(header).toContainText('3 of 4');
  await button('Record').click();
  await expect(header).toContainText(/Recorded \d/);
  for (const language of ['English', '中文']) {
    await header.getByRole('combobox').selectOption({ label: language });
    await expect(header).toContainText(language === 'English' ? 'Recorded' : '已录制');
    const picture = await page.screenshot();
    await info.attach(language, { body: picture, contentType: 'image/png' });
    const cut = await header.evaluate((element) =>
      [...element.querySelectorAll('.header-state .numbers')]
        .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
        .map(({ textContent }) => textContent),
    );
    expect(cut).toEqual([]);
    // Nor does anything lie outside, or over something else.
    const boxes = await header.evaluate((element) =>
      [...element.querySelectorAll('.header-state > *, .header-destination')].map((each) => {
        const { left, right } = each.getBoundingClientRect();
        return { left, right };
      }),
    );
    for (const [index, { left, right }] of boxes.entries()) {
      expect(right).toBeLessThanOrEqual(900);
      expect(left).toBeGreaterThanOrEqual((boxes[index - 1]?.right ?? 0) - 1);
    }
  }
});

test('no sentence moves the picture, however long it is, and all of it can be read by keyboard', async ({
  page,
  open,
  button,
  edit,
  textbox,
  sentence,
  goLive,
}) => {
  const size = { width: 900, height: 640 };
  const placeOf = () => page.getByLabel('Preview').boundingBox();
  await open(
    'scenario=one-refused&profiles=1&step=20&settings={"profileIds":["twitch","p1"]}',
    size,
  );
  const place = await placeOf();
  await edit('YouTube');
  await textbox('Profile name').fill('The choir that sings on Sundays '.repeat(2));
  const editor = page.getByRole('form');
  /** How much there is of it below its buttons. */
  const below = () =>
    editor.evaluate(
      (form) =>
        form.getBoundingClientRect().bottom -
        (form.querySelector('[type=submit]')?.getBoundingClientRect().bottom ?? 0),
    );
  const before = await below();
  await button('Save profile').click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  // That it is saved has its place, and reaches nowhere beyond the editor.
  expect(await below()).toBe(before);
  const beyond = await editor.evaluate((form) => {
    const { right } = form.getBoundingClientRect();
    const all = [...form.querySelectorAll('button, span, p')];
    return all.filter((each) => each.getBoundingClientRect().right > right).length;
  });
  expect(beyond).toBe(0);
  await goLive();
  await expect(sentence()).toContainText('Live on 1 of 2: not on The choir');
  expect(await placeOf()).toEqual(place);
  await expect(sentence()).toBeInViewport({ ratio: 1 });
  await expect(page.locator('.broadcast-numbers')).toBeInViewport({ ratio: 1 });
  // With larger letters it has no room at once.
  await page.addStyleTag({ content: 'footer p { font-size: 24px !important; line-height: 1.4; }' });
  const box = sentence().locator('[tabindex="0"]');
  await expect(box).toBeVisible();
  expect(await placeOf()).toEqual(place);
  await box.focus();
  await page.keyboard.press('End');
  await expect
    .poll(() => box.evaluate((e) => Math.ceil(e.scrollTop + e.clientHeight) >= e.scrollHeight))
    .toBe(true);
});

test('in a narrow window the header has the lamp in one line', async ({ page, open, goLive }) => {
  await open('step=20', { width: 420, height: 900 });
  const state = page.locator('.header-state');
  const before = await state.boundingBox();
  await goLive();
  expect((await state.boundingBox())?.height).toBe(before?.height);
});

for (const size of [
  { width: 420, height: 900 },
  // 1280×800 and 900×640 at 200 %.
  { width: 640, height: 400 },
  { width: 450, height: 320 },
]) {
  test(`everything can be reached in one column at ${size.width}×${size.height}`, async ({
    page,
    open,
    button,
    combobox,
    edit,
    goLive,
  }) => {
    await open(`step=20&${twitch}`, size);
    await edit();
    const isWithin = async (): Promise<boolean> =>
      page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    expect(await isWithin()).toBe(true);
    for (const name of [...comboboxes, 'Language']) {
      await combobox(name).scrollIntoViewIfNeeded();
      await expect(combobox(name)).toBeInViewport({ ratio: 1 });
    }
    await button('Delete profile').scrollIntoViewIfNeeded();
    await goLive();
    expect(await isWithin()).toBe(true);
    await expect(button('Stop')).toBeInViewport({ ratio: 1 });
    await expect(page.getByText('LIVE', { exact: true }).first()).toBeInViewport({ ratio: 1 });
    const labels = await page.getByRole('meter').locator('xpath=following-sibling::*[1]/*').all();
    const boxes = await Promise.all(labels.map((label) => label.boundingBox()));
    const shown = boxes.filter((box) => box !== null);
    expect(shown.length).toBeGreaterThan(3);
    for (const [index, box] of shown.entries()) {
      const before = shown[index - 1];
      if (before) expect(box.x).toBeGreaterThan(before.x + before.width);
    }
  });
}

test('at 900×640 the destination and its key are in sight', async ({
  page,
  open,
  edit,
  textbox,
}) => {
  await open(twitch, { width: 900, height: 640 });
  await edit();
  await expect(textbox('Server URL')).toBeInViewport({ ratio: 1 });
  await expect(page.getByLabel('Stream key', { exact: true })).toBeInViewport({ ratio: 1 });
});

test('with forced colours the meter still has three zones, and the lamp three states', async ({
  page,
  open,
  goLive,
}) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open('step=20');
  const zones = await page
    .getByRole('meter')
    .evaluate((meter) => getComputedStyle(meter, '::after').backgroundImage);
  expect(zones.match(/gradient/g)).toHaveLength(3);
  const lamp = () =>
    page.locator('.lamp').evaluate((element) => {
      const { backgroundColor, backgroundImage } = getComputedStyle(element);
      return `${backgroundColor} ${backgroundImage}`;
    });
  const off = await lamp();
  await goLive();
  expect(await lamp()).not.toBe(off);
});
