/** Moves the focus to the heading of what has taken the place of something else on a screen. */
export function arrive(node: HTMLElement): void {
  const heading = node.querySelector<HTMLElement>("h2");
  if (heading === null) return;
  heading.tabIndex = -1;
  heading.focus();
}
