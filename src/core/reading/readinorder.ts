import type { GroupReader } from './logreader';
import { Segment } from './segment';

/** One file after the other, on this thread. */
export const readInOrder: GroupReader = async ({ format, files, options }, events) => {
  const segment = new Segment(format, options, true);
  for (const { source, file } of files) {
    segment.end();
    segment.open(file);
    try {
      for await (const chunk of source.chunks(undefined, segment.readsBlocks)) {
        segment.push(chunk);
        events.progress(segment);
      }
    } catch (error) {
      events.failed(file, error);
    }
    for (const code of source.problems) segment.note(code);
  }
  return { segment, partialLine: segment.takePartialLine() };
};
