import type { Box } from './box';
import { dockerFile } from './docker';
import { aix, busybox, freebsd, socklog, solaris, spacedStamp, yearStamp } from './facility';
import { fields } from './fields';
import {
  compose,
  cri,
  dockerStamp,
  kubectl,
  octetCount,
  relay,
  serverSentEvent,
  stern,
  structuredRelay,
} from './prefixes';

/** Every box, in the order in which they are tried. */
export const boxes: readonly Box[] = [
  dockerFile,
  cri,
  compose,
  kubectl,
  stern,
  octetCount,
  serverSentEvent,
  relay,
  structuredRelay,
  busybox,
  aix,
  freebsd,
  solaris,
  socklog,
  yearStamp,
  spacedStamp,
  fields,
  dockerStamp,
];
