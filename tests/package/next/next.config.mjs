export default {
  distDir: process.env.DIST ?? ".next",
  turbopack: { root: import.meta.dirname },
};
