/**
 * Runs some work in a page that marks the start of each change and the frame that shows it, as `start` and `seen` with the name of the
 * change. Tells the milliseconds of the processor's time that the page's thread took in between, which other work on
 * the machine disturbs less than the clock.
 */
export async function processorTimes(page, work) {
  const session = await page.context().newCDPSession(page),
    marks = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    marks.push(...value.filter(({ name, tts }) => tts !== undefined && /^(start|seen) /.test(name)));
  });
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['blink.user_timing'] },
  });
  const result = await work(),
    complete = new Promise((done) => {
      session.once('Tracing.tracingComplete', done);
    });
  await session.send('Tracing.end');
  await complete;
  const times = new Map();
  let start;
  for (const { name, tts } of marks.sort((a, b) => a.ts - b.ts)) {
    const [what, ...words] = name.split(' '),
      change = words.join(' ');
    if (what === 'start') start = tts;
    else times.set(change, [...(times.get(change) ?? []), (tts - start) / 1000]);
  }
  return { result, times };
}
