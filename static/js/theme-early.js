// Runs before the first paint, so that a chosen theme does not flash; theme.js has the rest.
try {
  const chosen = localStorage.getItem('playground theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch {
  // Without storage the system's theme holds.
}
