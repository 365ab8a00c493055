/** The page for whoever comes without the studio's cookie. It says how to get in, and names nothing of the studio's. */
export const refusalPage = `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Tallylight</title>
  <h1>This window has no access to Tallylight</h1>
  <p>
    Tallylight opens only with the link that <code>npm start</code> or <code>tallylight studio</code> prints. The link works once, in one browser;
    after that, reloading works in the same browser.
  </p>
  <p>To get in, start it again and open the new link.</p>
</html>
`;
