/** The page as a browser lays it out. Pictures are kept where CAPSTACK_PAGE_PICTURES names a folder. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderPage } from '../../../shared/page/page.ts';
import { chromiumPath, launchChromium, type Tab } from './chromium.ts';
import { HOSTILE, inputOf, STATES } from './documents.ts';

const WIDTHS = [360, 1280] as const;
const THEMES = ['light', 'dark'] as const;

/** Below this, text in a drawing cannot be read on a phone. */
const TEXT_PX_MIN = 10;

interface Layout {
  readonly scrollWidth: number;
  readonly background: string;
  readonly smallestTextPx: number;
  /** Labels of one drawing that lie on each other, or beyond its edge. */
  readonly collisions: readonly string[];
  /** Elements that no page of ours has. */
  readonly intruders: number;
}

const BACKGROUNDS = { light: 'rgb(251, 250, 247)', dark: 'rgb(18, 23, 26)' } as const;

const problemsOf = (layout: Layout, width: number, theme: keyof typeof BACKGROUNDS): readonly string[] => [
  ...(layout.scrollWidth === width ? [] : [`${layout.scrollWidth} px wide`]),
  ...(layout.background === BACKGROUNDS[theme] ? [] : [`on ${layout.background}`]),
  ...(layout.smallestTextPx >= TEXT_PX_MIN ? [] : [`text of ${layout.smallestTextPx} px`]),
  ...(layout.intruders === 0 ? [] : [`${layout.intruders} elements of text from outside`]),
  ...layout.collisions.map((labels) => `labels meet: ${labels}`),
];

/** Runs on the page, with every table opened: what a reader may open must fit as well. */
const LAYOUT = `(() => {
  const tables = document.querySelectorAll('details');
  for (const details of tables) details.open = true;
  const collisions = [];
  let smallestTextPx = 1000;
  for (const svg of document.querySelectorAll('svg[role=img]')) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) continue;
    const scale = frame.width / svg.viewBox.baseVal.width;
    const labels = [...svg.querySelectorAll('text')].map((text) => {
      const { left, right, top, bottom } = text.getBoundingClientRect();
      const px = parseFloat(getComputedStyle(text).fontSize) * scale;
      smallestTextPx = Math.min(smallestTextPx, px);
      const said = [...text.childNodes].filter((node) => node.nodeName !== 'title').map((node) => node.textContent).join('');
      return { said, left, right, top: top + px * 0.2, bottom: bottom - px * 0.2 };
    });
    labels.forEach((a, index) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1) collisions.push(a.said + ' | edge');
      for (const b of labels.slice(index + 1))
        if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          collisions.push(a.said + ' | ' + b.said);
    });
  }
  const scrollWidth = document.documentElement.scrollWidth;
  for (const details of tables) details.open = false;
  return {
    scrollWidth,
    background: getComputedStyle(document.body).backgroundColor,
    smallestTextPx,
    collisions,
    intruders: document.querySelectorAll('script, img, [onerror], [onload]').length,
  };
})()`;

const keepPicture = async (tab: Tab, name: string): Promise<void> => {
  const folder = process.env['CAPSTACK_PAGE_PICTURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const { data } = await tab.send('Page.captureScreenshot', { captureBeyondViewport: true });
  writeFileSync(join(folder, `${name}.png`), Buffer.from(String(data), 'base64'));
};

/** Serves each state under its name, with the page's own headers: its policy is part of what is tried. */
const served = (): Promise<{ origin: string; close: () => Promise<void> }> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      const input = STATES[(request.url ?? '').slice(1)];
      if (input === undefined) return response.writeHead(404).end();
      const { html, headers } = renderPage(input);
      return response.writeHead(200, headers).end(html);
    }).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const close = (): Promise<void> =>
        new Promise((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ origin: `http://127.0.0.1:${port}`, close });
    });
  });

test('every state fits a phone and a desktop, in light and in dark', async (t) => {
  const path = chromiumPath();
  if (path === undefined) return t.skip('no Chromium here: apt-get install chromium');
  const server = await served();
  t.after(server.close);
  const { tab, close } = await launchChromium(path);
  t.after(close);
  const problems: string[] = [];
  for (const width of WIDTHS) {
    const mobile = width < 600;
    await tab.send('Emulation.setDeviceMetricsOverride', {
      width,
      height: 900,
      deviceScaleFactor: 1,
      mobile,
    });
    for (const state of Object.keys(STATES)) {
      await tab.open(`${server.origin}/${state}`);
      for (const theme of THEMES) {
        const features = [{ name: 'prefers-color-scheme', value: theme }];
        await tab.send('Emulation.setEmulatedMedia', { features });
        const name = `${state}-${width}-${theme}`;
        await keepPicture(tab, name);
        const layout = await tab.evaluate<Layout>(LAYOUT);
        const told = [...problemsOf(layout, width, theme), ...tab.complaints()];
        problems.push(...told.map((problem) => `${name}: ${problem}`));
      }
    }
  }
  assert.deepEqual(problems, []);
});

test('the tries can fail: a script that got in is refused and reported', async (t) => {
  const path = chromiumPath();
  if (path === undefined) return t.skip('no Chromium here: apt-get install chromium');
  const { html, headers } = renderPage(inputOf());
  const server = createServer((_, response) =>
    response.writeHead(200, headers).end(html.replace('<main>', `<main>${HOSTILE}`)),
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => server.close().closeAllConnections());
  const { tab, close } = await launchChromium(path);
  t.after(close);
  await tab.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  assert((await tab.evaluate<Layout>(LAYOUT)).intruders > 0);
  assert.match(tab.complaints().join('\n'), /Content Security Policy/);
});
