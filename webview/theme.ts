import { fillOf, type Theme } from '../src/presentation/charts';
import { tlsVersions } from '../src/core/model';

/** VS Code's theme as charts need it, read from the variables that VS Code gives to the page. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const read = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const foreground = read('--vscode-foreground', '#888');
  // The style sheet has these, so that lines and patterns have the same colours.
  const chart = (name: string) => read(`--${name}`, foreground);
  return {
    foreground,
    muted: read('--vscode-descriptionForeground', foreground),
    grid: read('--vscode-charts-lines', foreground),
    background: read('--vscode-editor-background', 'transparent'),
    font: read('--vscode-font-family', 'sans-serif'),
    fontSize: Number.parseFloat(read('--vscode-font-size', '13')) || 13,
    lines: [
      chart('blue'),
      chart('green'),
      chart('orange'),
      chart('purple'),
      chart('yellow'),
      chart('red'),
      read('--vscode-terminal-ansiCyan', foreground),
      read('--vscode-terminal-ansiMagenta', foreground),
    ],
    others: read('--vscode-descriptionForeground', foreground),
    fills: tlsVersions.map((_, version) => fillOf(version)),
  };
}

/**
 * Calls back when the theme or its contrast changes: VS Code then changes the classes of `body` and the variables of
 * the root.
 */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
}
