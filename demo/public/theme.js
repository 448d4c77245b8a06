// Before the first paint, so that no page flashes in the other scheme. Not a module: modules wait for the document.
try {
  const scheme = localStorage.getItem('infercore.scheme');
  if (scheme === 'light' || scheme === 'dark') document.documentElement.dataset.scheme = scheme;
} catch {
  // Storage can be forbidden: then the system's scheme holds.
}
