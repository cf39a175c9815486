import type { Story } from './scene';

export const named: Story[] = [
  ...[
    'mail.log-20261124',
    'mail.log-20261124-1732440000',
    'mail.log.2026-11-24',
    'mail-20261124.log',
    'mail-1.log',
  ].map((name): Story => ({
    name: `renamed to ${name}, which came and went`,
    async run(s) {
      await s.start();
      s.write();
      s.rename('mail.log', name.replace(/4(?=\D|$)/, '3').replace('-1.', '-2.'));
      s.write(2);
      s.rename('mail.log', name);
      s.write(2);
      await s.look(2);
    },
  })),
  {
    name: 'dates in names, compressed',
    async run(s) {
      await s.start();
      for (let day = 10; day < 14; day++) {
        s.write();
        s.rename('mail.log', `mail.log-202611${day}`);
        s.write();
        s.pack(`mail.log-202611${day}`);
        if (day % 2) await s.look();
      }
      await s.look();
    },
  },
  {
    name: 'numbers before the ending, a chain of 3',
    async run(s) {
      await s.start();
      for (let turn = 0; turn < 2; turn++) {
        for (let i = 0; i < 3; i++) {
          s.write();
          for (const n of [4, 3, 2, 1])
            try {
              s.rename(`mail.${n}.log`, `mail.${n + 1}.log`);
            } catch {
              /* Not there yet. */
            }
          s.rename('mail.log', 'mail.1.log');
          s.write();
        }
        await s.look();
      }
    },
  },
  {
    name: 'moved into a folder for old logs',
    async run(s) {
      s.folderOf('old');
      await s.start();
      for (let i = 0; i < 4; i++) {
        s.write();
        s.rename('mail.log', `old/mail.log-2026110${i}`);
        s.write();
        if (i % 2) await s.look();
      }
    },
  },
];

export const packed: Story[] = [
  {
    name: 'compressed at once',
    async run(s) {
      await s.start();
      for (let i = 0; i < 3; i++) {
        s.write();
        s.rename('mail.log', 'mail.log.1');
        s.write();
        s.pack('mail.log.1');
        await s.look();
      }
    },
  },
  {
    name: 'came and went, and is there compressed alone',
    async run(s) {
      await s.start();
      for (let turn = 0; turn < 2; turn++) {
        for (let i = 4 * turn; i < 4 * turn + 3; i++) {
          s.write();
          s.rename('mail.log', 'mail.log.1');
          s.pack('mail.log.1', `mail.log.${9 - i}.gz`);
          s.write();
        }
        await s.look();
      }
    },
  },
  {
    name: 'came and went, and is there with its compressed copy, first half of that',
    async run(s) {
      await s.start();
      s.write();
      s.rotate();
      s.write(5);
      s.rotate();
      s.copy('mail.log.1', 'x');
      s.pack('x');
      const whole = s.content('x.gz');
      s.put('mail.log.1.gz', whole.subarray(0, whole.length >> 1));
      s.write();
      await s.look();
      s.put('mail.log.1.gz', whole);
      await s.look();
      s.remove('mail.log.1');
      await s.look(2);
    },
  },
  {
    name: 'is being compressed at the first look, and then the original goes',
    async run(s) {
      await s.start();
      s.write();
      s.rotate();
      s.write(50);
      s.rotate();
      s.pack('mail.log.1', 'mail.log.1.gz');
      const whole = s.content('mail.log.1.gz');
      s.put('mail.log.1.gz', whole.subarray(0, whole.length >> 1));
      s.write();
      await s.look();
      s.put('mail.log.1.gz', whole);
      await s.wait(3);
    },
  },
];

export const several: Story[] = [
  {
    name: 'logs of one rotation, given together',
    async run(s) {
      s.put('mail.log.2', s.text(2));
      s.put('mail.log.1', s.text(2));
      await s.start(['mail.log', 'mail.log.1', 'mail.log.2']);
      for (let i = 0; i < 3; i++) {
        s.write(2);
        s.rotate();
        s.write();
        await s.look();
      }
    },
  },
  {
    name: 'logs of one rotation, given together, in a chain of 3',
    async run(s) {
      s.put('mail.log.1', s.text(2));
      await s.start(['mail.log.1', 'mail.log']);
      for (let i = 0; i < 3; i++) {
        s.write(2);
        s.rotate();
      }
      await s.look();
      s.write();
      await s.look();
    },
  },
  {
    name: 'a log of a rotation with its compressed copy, given together',
    async run(s) {
      s.put('mail.log.1', s.text(2));
      s.copy('mail.log.1', 'x');
      s.pack('x', 'mail.log.1.gz');
      await s.start(['mail.log.1', 'mail.log.1.gz', 'mail.log']);
      s.write();
      await s.look();
      s.rename('mail.log.1.gz', 'mail.log.2.gz');
      s.rotate();
      s.write();
      await s.look();
    },
  },
  {
    name: 'older logs that were not given, renamed and compressed',
    async run(s) {
      s.put('mail.log.1', s.otherText(3));
      s.put('mail.log.2', s.otherText(3));
      await s.start();
      s.pack('mail.log.2');
      await s.look();
      s.rename('mail.log.2.gz', 'mail.log.3.gz');
      s.rotate();
      s.write();
      await s.look();
      s.pack('mail.log.2');
      await s.look(2);
    },
  },
  {
    name: 'three logs of one format with half last lines',
    async run(s) {
      s.nothing();
      const rest: [string, string][] = [];
      for (const name of ['a.log', 'b.log', 'c.log']) {
        const text = s.text(2);
        s.put(name, text.slice(0, -60));
        rest.push([name, text.slice(-60)]);
      }
      await s.start(['a.log', 'b.log', 'c.log']);
      await s.look();
      for (const [name, end] of rest) s.append(name, end + s.text());
      await s.look();
    },
  },
  {
    name: 'a log and its copy, given together',
    others: ['repeated-line'],
    async run(s) {
      s.write(3);
      s.copy('mail.log', 'mail.log.1');
      await s.start(['mail.log', 'mail.log.1']);
      s.write(2);
      await s.look();
      s.write(2);
      await s.look();
    },
  },
];

export const begins: Story[] = [
  {
    name: 'half a line at the rotation, whose rest comes through the old descriptor',
    async run(s) {
      const old = s.writer();
      await s.start();
      const text = s.text();
      old(text.slice(0, 70));
      s.rotate();
      s.write();
      await s.look(2);
      old(text.slice(70));
      await s.look(2);
    },
  },
  {
    name: 'a last line without its end at the rotation',
    async run(s) {
      await s.start();
      s.append('mail.log', s.text().trimEnd());
      await s.look();
      s.rotate();
      s.write();
      await s.wait(40);
    },
  },
  {
    name: 'a writer that stops for a minute in the midst of a line, after the rotation',
    others: ['bad-line'],
    told: true,
    async run(s) {
      s.writeHalf();
      await s.start();
      s.rotate();
      await s.wait(60);
      s.write();
      await s.look();
    },
  },
  {
    name: 'an empty log at first',
    async run(s) {
      s.nothing();
      s.put('mail.log', '');
      await s.start();
      await s.look();
      s.write(2);
      await s.look();
      s.rotate();
      s.write();
      await s.look();
    },
  },
  {
    name: 'no log at first',
    async run(s) {
      s.nothing();
      await s.start();
      await s.look();
      s.write(2);
      await s.look();
    },
  },
  {
    name: 'rotated while it was read',
    async run(s) {
      await s.open();
      s.write();
      s.rotate();
      s.write(2);
      await s.follow();
      await s.look();
    },
  },
  {
    name: 'rotated and compressed while it was read',
    async run(s) {
      await s.open();
      s.write();
      s.rotate();
      s.pack('mail.log.1');
      s.write(2);
      await s.follow();
      await s.look(2);
    },
  },
  {
    name: 'cut while it was read',
    told: true,
    async run(s) {
      await s.open();
      s.cut();
      s.write(3);
      await s.follow();
      await s.look(2);
    },
  },
];
