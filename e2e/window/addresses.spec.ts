import { readTypedDestination } from '../../packages/engine/src/typed-destination.js';
import { formsAt } from '../../test/support/address-forms.js';
import { expect, paste, test } from './window-test.js';

const forms = formsAt({ host: 'live.example', tlsHost: 'live.example', v6: '[2001:db8::1]' });

test('what a page has beside a server and a key is no part of them, and the key is not shown', async ({
  page,
  open,
  button,
  textbox,
}) => {
  await open();
  await button('New profile').click();
  const url = textbox('Server URL');
  const key = page.getByLabel('Stream key', { exact: true });
  const copied = '服务器地址：rtmp://live-push.example/live-bvc/ 串流密钥：?streamname=s1&key=k1';
  await url.focus();
  expect(await paste(url, copied)).toBe(false);
  await expect(url).toHaveValue('rtmp://live-push.example/live-bvc/');
  await expect(key).toHaveValue('?streamname=s1&key=k1');
  await expect(key).toHaveAttribute('type', 'password');
  await expect(page.getByText('k1')).toHaveCount(0);
  await key.fill('');
  await key.focus();
  await page.keyboard.insertText('串流密钥：“live_1”');
  await expect(key).toHaveValue('live_1');
});

/** Where a server's URL is asked for, a slash at its end says that the key is still to come. */
const insteadInWindow: Readonly<Record<string, { readonly app: string; readonly stream: string }>> =
  {
    'a slash too many': { app: 'app/slashed', stream: '' },
  };

/** What servers are told of what stands in a profile is shown with the engine, the command line and the library. */
test('every form of address that is pasted becomes fields that say the same', async ({
  page,
  open,
  button,
  textbox,
}) => {
  await open();
  await button('New profile').click();
  const url = textbox('Server URL');
  const fields = {
    key: page.getByLabel('Stream key'),
    user: page.getByRole('textbox', { name: 'User name', exact: true, includeHidden: true }),
    password: page.getByLabel('Password', { exact: true }),
  };
  for (const form of forms) {
    for (const field of [url, ...Object.values(fields)]) {
      if ((await field.inputValue()) !== '') await field.fill('');
    }
    await url.focus();
    const isLeft = await paste(url, form.url);
    // What is not taken apart is pasted as it is; a browser does that only for a paste of its own.
    if (isLeft) await page.keyboard.insertText(form.url);
    const streamKey = await fields.key.inputValue();
    const { address } = readTypedDestination({ serverUrl: await url.inputValue(), streamKey });
    const { app, stream } = insteadInWindow[form.name] ?? form;
    expect({ app: address.app, stream: streamKey }, form.url).toEqual({ app, stream });
    const [, user, password] = /\/\/(?:([^/@:]*):([^/@]*)@)?/.exec(form.url) ?? [];
    expect(await fields.user.inputValue(), form.url).toBe(decodeURIComponent(user ?? ''));
    expect(await fields.password.inputValue(), form.url).toBe(decodeURIComponent(password ?? ''));
  }
});
