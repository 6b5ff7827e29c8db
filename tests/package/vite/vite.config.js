export default {
  build: { rollupOptions: { input: ["index.html", "vendored.html"] } },
};
