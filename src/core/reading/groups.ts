import type { Format, Head } from './format';
import type { Input } from './input';
import type { AnalyseOptions, Group } from './logreader';
import { serverFolders } from './serverfolders';
import type { FileContext, ReadOptions } from './sink';

/** What reads a file: of a log that holds the lines of many programs that which carries them, unless the user wants one. */
export function readerOf(format: Format, head: Head, { carriers = [], format: wanted }: AnalyseOptions): Format {
  const carrier = carriers.find(({ carries }) => carries?.includes(format.id));
  return wanted === undefined && carrier?.detect(head) ? carrier : format;
}

/** The files of each format that reads some, in the order in which they are to be read. */
export function groupsOf(inputs: readonly Input[], options: ReadOptions): Group[] {
  const groups = new Map<Format, Group>();
  for (const { reader, source, file, report } of inputs) {
    if (!reader || report.state === 'duplicate') continue;
    const group = groups.get(reader);
    if (group) group.files.push({ source, file });
    else groups.set(reader, { format: reader, files: [{ source, file }], options });
  }
  for (const { format, files } of groups.values()) if (format.byServer) nameServers(files.map(({ file }) => file));
  // Formats that ask others which messages they have counted come after them: each names all that come before it.
  const ordered = [...groups.values()].sort((a, b) => (a.format.after?.length ?? 0) - (b.format.after?.length ?? 0));
  for (const group of ordered)
    group.options = {
      ...options,
      joined: ordered.some(
        ({ format }) => format.after?.includes(group.format.id) || group.format.after?.includes(format.id),
      ),
    };
  return ordered;
}

/** Where no line names its server, the folder of the file does. */
function nameServers(files: readonly FileContext[]): void {
  serverFolders(files.map(({ name }) => name)).forEach((server, i) => {
    files[i].server = server;
  });
}
