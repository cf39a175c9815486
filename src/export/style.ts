/** The style of the HTML report: light and dark, and paper. Nothing is loaded. */
export const style = `
:root {
  color-scheme:light dark; --fg:#1f1f1f; --quiet:#5c5c5c; --bg:#fff; --line:#d4d4d4; --card:#f7f7f7; --red:#c72e0f;
  --orange:#b56200; --yellow:#8a6d00; --blue:#0067b8; --green:#2b7a0b; --purple:#7b3fa0; --cyan:#007a7a;
  --magenta:#a0306f;
}
@media (prefers-color-scheme:dark) {
  :root {
    --fg:#e0e0e0; --quiet:#a6a6a6; --bg:#1f1f1f; --line:#454545; --card:#262626; --red:#f48771; --orange:#d18616;
    --yellow:#cca700; --blue:#4fa8ff; --green:#89d185; --purple:#c595e0; --cyan:#4ec9c9; --magenta:#e58ac0;
  }
}
body {
  margin:0 auto; padding:24px; max-width:1200px; color:var(--fg); background:var(--bg);
  font:14px/1.5 system-ui,sans-serif;
}
h1 { font-size:1.6em; margin:0 0 4px; }
h2 { font-size:1.25em; margin:32px 0 8px; }
h3 { font-size:1.05em; margin:0 0 8px; }
p { margin:4px 0; }
.quiet { color:var(--quiet); }
.pair { display:grid; grid-template-columns:repeat(auto-fit,minmax(340px,1fr)); gap:16px; }
.card {
  border:1px solid var(--line); border-radius:6px; padding:16px; background:var(--card); break-inside:avoid;
  min-width:0;
}
.flow { display:flex; gap:16px; align-items:center; margin:8px 0; }
.flow .chart { flex:none; }
.chart svg { display:block; max-width:100%; height:auto; }
.scroll { overflow-x:auto; }
table { border-collapse:collapse; width:100%; margin:8px 0; }
th,td { padding:4px 8px; text-align:left; vertical-align:top; font-weight:400; border-bottom:1px solid var(--line); }
thead th,tfoot td,tfoot th { font-weight:600; }
.number { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap; }
bdi,.evidence td,li { overflow-wrap:anywhere; }
.evidence th { white-space:nowrap; }
.swatch { vertical-align:-1px; margin-right:8px; }
.patterns { position:absolute; }
.tls-0 { fill:var(--red); }
.tls-1 { fill:var(--magenta); }
.tls-2 { fill:var(--orange); }
.tls-3 { fill:var(--yellow); }
.tls-4 { fill:var(--blue); }
.tls-5 { fill:var(--green); }
.tls-6 { fill:var(--purple); }
.tls-7 { fill:var(--quiet); }
.texture { stroke:var(--bg); stroke-opacity:.6; stroke-width:1.5; stroke-linecap:round; fill:none; }
.legend { list-style:none; margin:0; padding:0; display:flex; flex-wrap:wrap; gap:4px 20px; }
@media print {
  :root { color-scheme:light; }
  body { padding:0; max-width:none; font-size:11px; }
  .scroll { overflow:visible; }
  tr { break-inside:avoid; }
  thead { display:table-header-group; }
}
`;
