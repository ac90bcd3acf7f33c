/** Tells where an element begins on the page, which moves as what stands before it grows. */
export function followTop(tell: (pixels: number) => void) {
  return (node: HTMLElement) => {
    const look = () => tell(Math.round(node.getBoundingClientRect().top + window.scrollY));
    look();
    if (typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(look);
    observer.observe(document.body);
    return () => observer.disconnect();
  };
}
