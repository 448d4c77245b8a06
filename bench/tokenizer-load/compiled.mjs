export async function open({ compiled }) {
  const { open } = await import('./infercore.mjs');
  return open({ file: compiled });
}
