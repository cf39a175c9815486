// The report in a real VS Code: every surface shows the figures of the command line and does what it offers.
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { figures, ReportPage } from './report-steps';
import { useWorkbench } from './start';
import { eventually, short, until } from './until';

const number = (text: string) => Number(text.replace(/[^\d]/g, ''));

describe('The report', () => {
  const workbench = useWorkbench({ settings: { 'mailFlow.timeZone': 'UTC' }, size: { width: 1500, height: 1000 } });
  let report: ReportPage;
  let week: ReturnType<typeof figures>;
  before(async () => {
    report = new ReportPage(workbench());
    week = figures('--period', '7d');
    await report.openSample();
  });

  it('opens with the widget: two donuts with total, share and sentence', async () => {
    const { page } = report;
    for (const direction of ['Outbound', 'Inbound'] as const) {
      const flow = page.locator('.flow', { hasText: `${direction}:` }),
        { messages } = week.totals[direction.toLowerCase() as 'inbound'];
      equal(number(await flow.getByRole('heading').innerText()), messages);
      await flow.locator('.chart svg .mark-arc path').first().waitFor();
      match(
        await flow.locator('.words p').first().innerText(),
        /^In the last 7 days \d+ messages were (?:sent|received), of which [\d.]+% were protected in transit \(by TLS\)\.$/,
      );
    }
  });

  it('leads by View details to the TLS versions of each direction, with every count', async () => {
    const { page } = report;
    await report.press(
      page.getByRole('button', { name: 'View details' }),
      page.getByRole('heading', { name: 'Messages protected in transit (by TLS)' }),
    );
    for (const [title, direction] of [
      ['Outbound (from your organization)', 'outbound'],
      ['Inbound (to your organization)', 'inbound'],
    ] as const) {
      const rows = new Map(
        (await report.rows(page.getByRole('table', { name: title, exact: true }))).map(([version, count]) => [
          version,
          number(count),
        ]),
      );
      const { tls } = week.totals[direction];
      deepEqual(
        ['No TLS', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3', 'TLS, version not logged', 'Unknown'].map((version) =>
          rows.get(version),
        ),
        ['none', 'tls1.0', 'tls1.1', 'tls1.2', 'tls1.3', 'tls', 'unknown'].map((version) => tls[version]),
      );
      await page.locator('.card', { hasText: title }).locator('.chart .mark-arc path').first().waitFor();
    }
    await report.press(page.getByText('Cipher suites'), page.getByRole('table', { name: /^Cipher suites: Outbound/ }));
    await report.press(
      page.getByText('Key exchange', { exact: true }),
      page.getByRole('table', { name: /^Key exchange: Outbound/ }),
    );
    await page.getByText(/^Post-quantum key exchange: 0 of \d+ messages \(0%\) for which it is known\.$/).waitFor();
    await report.press(
      page.getByRole('paragraph').getByRole('button', { name: 'Connector report' }),
      page.getByRole('heading', { name: 'Connector report' }),
    );
  });

  it('shows data for all mail flow and for each connector, as mail flow and as TLS usage', async () => {
    const { page } = report;
    await report.go('Connector report');
    const options = await page.locator('vscode-dropdown[aria-label="Show data for"] vscode-option').allTextContents();
    deepEqual(
      [...options].sort(),
      [
        'All mail flow',
        ...week.connectors.map(({ name, direction }) =>
          name === null
            ? `${direction === 'inbound' ? 'From' : 'To'} the internet without a connector`
            : `${direction === 'inbound' ? 'Inbound' : 'Outbound'}: ${name}`,
        ),
      ].sort(),
    );
    await page.locator('.chart .mark-line path').first().waitFor();
    await report.choose('Show data for', 'partner-out');
    const { messages } = week.connectors.find(({ name }) => name === 'partner-out')!;
    await eventually(async () =>
      equal(number((await page.locator('table.grid tfoot td').allInnerTexts()).at(-1)!), messages),
    );
    await report.choose('View by', 'TLS usage');
    await page.getByRole('heading', { name: 'TLS usage over time' }).waitFor();
    await page.locator('.chart .mark-rect path').first().waitFor();
    match(await page.locator('.surface:not([hidden]) .insights').innerText(), /No TLS is over 25%/);
    await report.choose('View by', 'Mail flow');
    await report.choose('Show data for', 'All mail flow');
  });

  it('has the details table of the original, sortable, searchable and with totals', async () => {
    const { page } = report,
      table = page.locator('table.grid');
    deepEqual(
      (await table.locator('thead th').allInnerTexts())
        .map((head) => head.replace(/[▲▼]/, '').trim())
        .filter((head) => !['SSL 3.0', 'TLS, version not logged', 'Unknown'].includes(head)),
      [
        'Date',
        'Connector direction and name',
        'Connector type',
        'Forced TLS?',
        'No TLS',
        'TLS 1.0',
        'TLS 1.1',
        'TLS 1.2',
        'TLS 1.3',
        'Volume',
      ],
    );
    const sum = week.totals.inbound.messages + week.totals.outbound.messages;
    equal(number((await table.locator('tfoot td').allInnerTexts()).at(-1)!), sum);
    await report.press(
      table.getByRole('button', { name: 'Volume' }),
      table.locator('th[aria-sort="descending"]', { hasText: 'Volume' }),
    );
    await eventually(async () => {
      const volumes = (await report.rows(table)).map((row) => number(row.at(-1)!));
      deepEqual(
        volumes,
        [...volumes].sort((a, b) => b - a),
      );
    });
    await page.locator('vscode-text-field.search').locator('input').fill('scanners');
    await page.getByText(/^\d+ rows?\b/).waitFor();
    await page.locator('table.grid tbody tr', { hasText: 'submission' }).waitFor({ state: 'detached' });
    ok((await report.rows(table)).every((row) => row[1].includes('scanners')));
    await page.locator('vscode-text-field.search').locator('input').fill('');
  });

  it('keeps a named filter in the workspace', async () => {
    const { page } = report;
    const add = page.getByRole('button', { name: 'Add a condition' });
    const submissionGone = (limit?: { timeout: number }) =>
      page
        .locator('table.grid tbody tr', { hasText: 'submission' })
        .first()
        .waitFor({ state: 'detached', ...limit });
    await report.press(page.locator('.filters summary'), add);
    await report.press(add, page.getByRole('textbox', { name: 'Value' }));
    await page.getByRole('textbox', { name: 'Value' }).fill('part');
    await page.getByRole('textbox', { name: 'Value' }).press('Enter');
    await report.press(add, page.getByRole('combobox', { name: 'Field' }).nth(1));
    await page.getByRole('combobox', { name: 'Field' }).nth(1).selectOption({ label: 'No TLS %' });
    await page.getByRole('combobox', { name: 'Comparison' }).nth(1).selectOption({ label: '>' });
    await page.getByRole('spinbutton', { name: 'Value' }).fill('40');
    await page.getByRole('spinbutton', { name: 'Value' }).press('Enter');
    await submissionGone();
    await eventually(async () => {
      const rows = await report.rows(page.locator('table.grid'));
      ok(rows.length > 0 && rows.every((row) => row[1] === 'Outbound: partner-out'));
    });
    await page.getByRole('textbox', { name: 'Name of the filter' }).fill('partners in clear text');
    await page.getByRole('textbox', { name: 'Name of the filter' }).press('Tab');
    await until(
      () => page.getByRole('button', { name: 'Save filter' }).click(short),
      (limit) =>
        page
          .getByRole('combobox', { name: 'Saved filters' })
          .locator('option', { hasText: 'partners in clear text' })
          .waitFor({ state: 'attached', ...limit }),
    );
    const remove = page.getByRole('button', { name: 'Remove all conditions' }),
      submission = page.locator('table.grid tbody tr', { hasText: 'submission' });
    await report.press(remove, submission);
    await until(
      () =>
        page.getByRole('combobox', { name: 'Saved filters' }).selectOption({ label: 'partners in clear text' }, short),
      submissionGone,
    );
    await report.press(remove, submission);
  });

  it('changes the period by preset, by two dates and by a drag over the chart', async () => {
    const { page } = report,
      total = async () => number((await page.locator('table.grid tfoot td').allInnerTexts()).at(-1)!);
    await report.choose('Period', 'Everything');
    const all = figures('--period', 'all'),
      sum = all.totals.inbound.messages + all.totals.outbound.messages;
    await page.locator('table.grid tfoot', { hasText: sum.toLocaleString('en') }).waitFor();
    const { mouse } = workbench().page,
      dates = page.locator('.dates:not([hidden])');
    await until(async () => {
      if (await dates.isVisible()) return;
      const box = (await page.locator('.surface:not([hidden]) .chart svg').first().boundingBox(short))!;
      await mouse.move(box.x + box.width * 0.5, box.y + 60);
      await mouse.down();
      await mouse.move(box.x + box.width * 0.7, box.y + 70, { steps: 4 });
      await mouse.up();
    }, dates);
    await eventually(async () => ok((await total()) < sum));
    await report.choose('Period', 'Last 7 days');
  });

  it('leads from a figure to remote domains, a note for the partner and the raw line', async () => {
    const { page } = report;
    await page.getByRole('combobox', { name: 'Group by' }).selectOption({ label: 'Domains' });
    await page.getByRole('heading', { name: 'Top remote domains' }).waitFor();
    await until(
      () => page.getByRole('button', { name: 'Copy a note to the partner' }).first().click(short),
      workbench().page.getByText('Copied to the clipboard.'),
    );
    await report.press(page.locator('table.grid tbody button.figure'), workbench().activeTab('mail.log'));
    await workbench().showTab('Mail Flow Report', ({ timeout }) => workbench().drawn(0, timeout / 1000));
  });

  it('maps the flow of a day, by types and by domains, with arrows for the days', async () => {
    const { page } = report;
    await report.go('Mail flow map');
    await page.locator('.flow-map .band path').first().waitFor();
    const day = page.locator('.days [role="status"]'),
      newest = await day.innerText();
    await report.press(page.locator('vscode-button[aria-label="Previous day"]'), day.filter({ hasNotText: newest }));
    await page.getByRole('combobox', { name: 'Show data for' }).selectOption({ label: 'By domain' });
    const table = page.getByRole('table', { name: 'Mail flow map' });
    await report.press(page.getByText('Show as a table').last(), table);
    await eventually(async () => {
      const rows = await report.rows(table);
      ok(rows.some(([from, to]) => from.endsWith('.example') && to === 'This organization'));
      equal(
        number(await table.locator('tfoot td').innerText(short)),
        rows.reduce((sum, row) => sum + number(row[2]), 0),
      );
    });
    await until(
      () => page.locator('.flow-map .band').first().hover(short),
      page.locator('.tip', { hasText: /This organization\s*\d+ messages?/ }),
    );
  });

  it('exports what is shown to a file, as a table and as a page with charts', async () => {
    const { page } = report;
    for (const [label, name, content] of [
      ['Table (CSV)', 'mail-flow-report.csv', /^"Record","Date"[^]*SHA-256 [0-9a-f]{64}/],
      ['Web page (HTML)', 'mail-flow-report.html', /^<!DOCTYPE html>[^]*role="img"[^]*<svg[^]*SHA-256 [0-9a-f]{64}/],
    ] as const) {
      await report.press(page.locator('.menu-button'), page.getByRole('button', { name: label }));
      await until(() => page.getByRole('button', { name: label }).click(short));
      match(await report.saved(name), content);
    }
  });

  it('exports messages by remote host: a row for each day, host, connector and TLS version, which sum up to the volume', async () => {
    const { page } = report,
      label = 'Messages by remote host (CSV)';
    await report.press(page.locator('.menu-button'), page.getByRole('button', { name: label }));
    await until(() => page.getByRole('button', { name: label }).click(short));
    const [head, ...lines] = (await report.saved('mail-flow-report.hosts.csv')).trimEnd().split('\r\n');
    const names = ['Record', 'Date', 'Count', 'Remote host', 'Connector direction', 'Connector name', 'Connector type'];
    const columns = [...names, 'TLS version', 'Volume', 'Recipients', 'First line'].map((name) => `"${name}"`);
    ok(head.startsWith(columns.join(',')), head);
    const rows = lines.filter((line) => line.startsWith('"remote-host"')),
      { totals } = figures(),
      volume = (direction: string) =>
        rows
          .filter((row) => row.includes(`,"${direction}",`))
          .reduce((sum, row) => sum + Number(/,(\d+),\d+,"[^"]*mail\.log:\d+",""$/.exec(row)![1]), 0);
    deepEqual([volume('Inbound'), volume('Outbound')], [totals.inbound.messages, totals.outbound.messages]);
    match(lines.join('\n'), /"evidence".*SHA-256 [0-9a-f]{64}/);
  });

  it('exports by a command too, with pseudonyms for names', async () => {
    await workbench().runCommand('Mail Flow: Export Report…');
    for (const choice of ['Markdown', 'With pseudonyms']) await workbench().pick(choice);
    const text = await report.saved('mail-flow-report.md');
    match(text, /connector-[0-9a-f]{12}/);
    ok(!/partner-out|receiver\.example/.test(text));
  });

  it('breaks no rule of accessibility on any surface, in four themes', async () => {
    for (const theme of ['dark', 'light', 'highContrastDark', 'highContrastLight'] as const) {
      await workbench().changeTheme(theme);
      for (const part of ['Overview', 'Protected in transit', 'Connector report', 'Mail flow map']) {
        await report.go(part);
        await eventually(async () => deepEqual(await report.violations(), [], `${theme}: ${part}`));
      }
      await workbench().screenshot(`report ${theme}`);
    }
  });

  it('never broke the content policy, asked the network or threw', () =>
    deepEqual(workbench().faults, { policy: [], outside: [], errors: [] }));
});
