// Runs before the first paint, so that a remembered theme never flashes.
(() => {
  try {
    const theme = localStorage.getItem('tintype-theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage can be forbidden; the system's theme is then the right one.
  }
})();
