/** VS Code's name of each colour theme, and the class that the workbench has while it is on. */
export const themes = {
  dark: { id: 'Dark Modern', className: 'vs-dark' },
  light: { id: 'Light Modern', className: 'vs' },
  highContrastDark: { id: 'Default High Contrast', className: 'hc-black' },
  highContrastLight: { id: 'Default High Contrast Light', className: 'hc-light' },
};

export type Theme = keyof typeof themes;
