/** What a record of the scanner is about; the same numbers as in src/kernel/smtp. */
export const enum Kind {
  unread,
  begin,
  close,
  handshake,
  spoken,
}

/** Numbers of a record. */
export const enum At {
  kind,
  line,
  start,
  end,
  session,
  connectorEnd,
  local,
  localEnd,
  remoteEnd,
  event,
  data,
  code,
  command,
  size,
  name,
  width = 16,
}

/** In place of a name's place: there is none. */
export const noName = -0x80000000;
