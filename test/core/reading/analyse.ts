import type { Analysis } from '../../../src/core/reading/analysis';
import { LogReader, type AnalyseOptions, type GroupReader } from '../../../src/core/reading/logreader';
import type { Source } from '../../../src/core/reading/source';

/** Reads all sources once, and gives their figures. */
export async function analyse(
  sources: readonly Source[],
  options: AnalyseOptions,
  readGroup?: GroupReader,
): Promise<Analysis> {
  return (await LogReader.open(sources, options, readGroup)).end();
}
