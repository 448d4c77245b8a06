/** @type {import('next').NextConfig} */
export default {
  // It has a native addon: Node loads it from node_modules, bundles can't hold it.
  serverExternalPackages: ['infercore'],
};
