// Runs before the first paint, so that neither a chosen theme nor the form for another page flashes; theme.js has the
// rest.
try {
  const chosen = localStorage.getItem('playground theme');
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch {
  // Without storage the system's theme holds.
}
if (/[#&]embed=true(&|$)/.test(location.hash)) {
  document.documentElement.dataset.embed = '';
  const sheet = document.createElement('link');
  sheet.rel = 'stylesheet';
  sheet.href = document.currentScript?.dataset.embedSheet ?? '';
  sheet.setAttribute('blocking', 'render');
  document.head.append(sheet);
}
