import type { Story } from './scene';
import { begins, named, packed, several } from './scenenames';

const renamed: Story[] = [
  {
    name: 'renamed and made anew, looked at after each step',
    async run(s) {
      await s.start();
      s.write();
      s.rename('mail.log', 'mail.log.1');
      await s.look();
      s.put('mail.log', '');
      await s.look();
      s.write(3);
      await s.look();
    },
  },
  {
    name: 'renamed and made anew between two looks',
    async run(s) {
      await s.start();
      for (let i = 0; i < 10; i++) {
        s.write(2);
        s.rotate();
        s.write(2);
        await s.look();
      }
    },
  },
  {
    name: 'a writer that keeps the old descriptor and writes on for 20 s',
    async run(s) {
      const old = s.writer();
      await s.start();
      s.rotate();
      await s.look();
      for (let i = 0; i < 10; i++) {
        old(s.text());
        s.write();
        await s.wait(2);
      }
    },
  },
  {
    name: 'a writer that writes on after a minute without a word',
    async run(s) {
      const old = s.writer();
      await s.start();
      s.rotate();
      s.write();
      await s.wait(60);
      old(s.text(2));
      await s.look();
      s.rotate();
      await s.wait(40);
      old(s.text(2));
      await s.wait(2);
    },
  },
  {
    name: 'an old descriptor through two rotations',
    async run(s) {
      const old = s.writer();
      await s.start();
      s.rotate();
      s.write();
      await s.look();
      old(s.text());
      s.rotate();
      old(s.text());
      s.write();
      await s.look(2);
    },
  },
  ...[3, 5].map((length): Story => ({
    name: `a chain of ${length} rotations between two looks`,
    async run(s) {
      await s.start();
      for (let turn = 0; turn < 3; turn++) {
        for (let i = 0; i < length; i++) {
          s.write(2);
          s.rotate();
        }
        s.write();
        await s.look();
      }
    },
  })),
  {
    name: '60 rotations, looked at after every fourth',
    async run(s) {
      await s.start();
      for (let i = 1; i <= 60; i++) {
        s.write(5);
        s.rotate(7);
        if (i % 4 === 0) await s.look();
      }
      await s.look();
    },
  },
  {
    name: 'more rotations between two looks than files are kept',
    told: true,
    async run(s) {
      await s.start();
      for (let i = 0; i < 6; i++) {
        s.write();
        s.rotate(3);
      }
      s.write();
      await s.look(2);
    },
  },
  {
    name: 'inode numbers that are used again',
    async run(s) {
      s.put('mail.log.1', s.otherText());
      await s.start();
      for (let i = 0; i < 10; i++) {
        s.write();
        s.remove('mail.log.1');
        s.rename('mail.log', 'mail.log.1');
        s.write();
        await s.look();
      }
    },
  },
  {
    name: 'inode numbers that are used again, of files that nobody has open any more',
    async run(s) {
      await s.start();
      for (let i = 0; i < 4; i++) {
        s.write();
        s.rotate(1 + i);
        s.write();
        await s.wait(40);
        s.remove('mail.log.1');
      }
      s.write();
      await s.look(2);
    },
  },
  {
    name: 'the log is removed and made anew',
    told: true,
    async run(s) {
      await s.start();
      s.write();
      s.remove('mail.log');
      await s.look();
      s.write(2);
      await s.look(2);
    },
  },
  {
    name: 'the log is moved to where nobody looks',
    told: true,
    async run(s) {
      s.folderOf('a');
      s.folderOf('a/b');
      await s.start();
      s.write();
      s.rename('mail.log', 'a/b/mail.log');
      s.write(2);
      await s.look(2);
    },
  },
];

const replaced: Story[] = [
  {
    name: 'replaced ten times by a file that has more',
    async run(s) {
      await s.start();
      for (let i = 0; i < 10; i++) {
        s.put('new', s.content('mail.log').toString() + s.text(2));
        s.rename('new', 'mail.log');
        await s.look();
        s.write();
        await s.look(i % 2);
      }
    },
  },
  {
    name: 'replaced by itself',
    async run(s) {
      await s.start();
      s.write(3);
      await s.look();
      s.put('new', s.content('mail.log'));
      s.rename('new', 'mail.log');
      await s.look();
      s.write(2);
      await s.look();
    },
  },
  {
    name: 'saved as it was',
    async run(s) {
      await s.start();
      s.write(3);
      await s.look();
      s.put('mail.log', s.content('mail.log'));
      await s.look();
      s.write(2);
      await s.look();
    },
  },
  {
    name: 'replaced by another log',
    told: true,
    async run(s) {
      await s.start();
      s.write(3);
      await s.look();
      s.put('new', s.text(4));
      s.rename('new', 'mail.log');
      await s.look();
      s.write(2);
      await s.look();
    },
  },
  {
    name: 'rewritten with other lines of the same size',
    told: true,
    async run(s) {
      await s.start();
      s.write(2);
      await s.look();
      s.put('mail.log', s.text(3));
      s.touch('mail.log', 1_780_000_000);
      await s.look();
      s.write();
      await s.look();
    },
  },
];

const copied: Story[] = [
  {
    name: 'copied and cut, looked at before and after the cut',
    told: true,
    async run(s) {
      await s.start();
      for (let i = 0; i < 3; i++) {
        s.write(2);
        s.copy('mail.log', `mail.log.${i + 1}`);
        await s.look();
        s.cut();
        await s.look();
        s.write();
        await s.look();
      }
    },
  },
  {
    name: 'copied and cut between two looks',
    told: true,
    async run(s) {
      await s.start();
      for (let i = 0; i < 3; i++) {
        s.write(2);
        s.copy('mail.log', `mail.log-2026110${i}`);
        s.cut();
        s.write();
        await s.look();
      }
    },
  },
  {
    name: 'lines written between the copy and the cut',
    told: true,
    async run(s) {
      await s.start();
      s.write(2);
      s.copy('mail.log', 'mail.log.1');
      s.write(3);
      s.cut();
      await s.look(2);
    },
  },
  {
    name: 'lines written and looked at between the copy and the cut',
    told: true,
    async run(s) {
      await s.start();
      s.write(2);
      s.copy('mail.log', 'mail.log.1');
      s.write(3);
      await s.look();
      s.cut();
      await s.look(2);
    },
  },
  {
    name: 'copied and cut, grown past where it had been read',
    told: true,
    async run(s) {
      await s.start();
      s.write(2);
      s.copy('mail.log', 'mail.log.1');
      s.cut();
      s.write(9);
      await s.look();
      s.write();
      await s.look();
    },
  },
  {
    name: 'copied, cut and compressed',
    told: true,
    async run(s) {
      await s.start();
      s.write(2);
      s.copy('mail.log', 'mail.log.1');
      s.cut();
      s.pack('mail.log.1');
      s.write(2);
      await s.look();
    },
  },
  {
    name: 'cut without a copy',
    told: true,
    async run(s) {
      await s.start();
      s.write(2);
      s.cut();
      s.write(2);
      await s.look();
    },
  },
  {
    name: 'cut without a copy, and grown past where it had been read',
    told: true,
    async run(s) {
      await s.start();
      s.write(2);
      s.cut();
      s.write(8);
      await s.look();
    },
  },
];

/** What can happen to a log that is followed. */
export const stories: readonly Story[] = [
  ...renamed,
  ...replaced,
  ...copied,
  ...named,
  ...packed,
  ...several,
  ...begins,
];
